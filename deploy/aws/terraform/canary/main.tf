# Asks STS who it is, every 10 minutes and under the name tripline-canary, so that Tripline can see that CloudTrail's records
# come: its alert TriplineCanaryMissing goes by that. In one account and Region, or in several.

terraform {
  required_providers {
    aws     = { source = "hashicorp/aws", version = ">= 5.90" }
    archive = { source = "hashicorp/archive", version = ">= 2.4" }
  }
}

variable "name" {
  description = "What everything here is called."
  type        = string
  default     = "tripline"
}

data "aws_caller_identity" "here" {}
data "aws_region" "here" {}

resource "aws_cloudwatch_log_group" "log" {
  name              = "/aws/lambda/${var.name}-canary"
  retention_in_days = 7
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# GetCallerIdentity needs no permission.
data "aws_iam_policy_document" "log" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.log.arn}:*"]
  }
}

resource "aws_iam_role" "role" {
  name               = "${var.name}-canary-${data.aws_region.here.name}" # roles are of an account, functions of a Region
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "log" {
  name   = "log"
  role   = aws_iam_role.role.id
  policy = data.aws_iam_policy_document.log.json
}

data "archive_file" "code" {
  type        = "zip"
  output_path = "${path.module}/canary.zip"
  source {
    filename = "index.py"
    content  = <<-PYTHON
      import boto3
      from botocore.config import Config

      def handler(event, context):
          boto3.client("sts", config=Config(user_agent_extra="tripline-canary")).get_caller_identity()
    PYTHON
  }
}

resource "aws_lambda_function" "function" {
  function_name    = "${var.name}-canary"
  runtime          = "python3.13"
  handler          = "index.handler"
  timeout          = 30
  role             = aws_iam_role.role.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.log.name
  }
}

data "aws_iam_policy_document" "schedule_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

data "aws_iam_policy_document" "invoke" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.function.arn]
  }
}

resource "aws_iam_role" "schedule" {
  name               = "${var.name}-canary-schedule-${data.aws_region.here.name}"
  assume_role_policy = data.aws_iam_policy_document.schedule_trust.json
}

resource "aws_iam_role_policy" "invoke" {
  name   = "invoke"
  role   = aws_iam_role.schedule.id
  policy = data.aws_iam_policy_document.invoke.json
}

resource "aws_scheduler_schedule" "schedule" {
  name                = "${var.name}-canary"
  schedule_expression = "rate(10 minutes)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.function.arn
    role_arn = aws_iam_role.schedule.arn
  }
}
