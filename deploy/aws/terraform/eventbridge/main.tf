# An event bus for CloudTrail's events of an organization, and the rule that puts them into the delivery stream of the module
# stream. Once, in the stream's account and Region; the module eventbridge-member sends to it.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.90" }
  }
}

variable "name" {
  description = "What everything here is called."
  type        = string
  default     = "tripline"
}

variable "organization_id" {
  description = "The organization whose accounts may send, such as o-exampleorgid"
  type        = string
  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "An id such as o-exampleorgid."
  }
}

variable "stream_arn" {
  description = "The delivery stream, an output of the module stream."
  type        = string
}

data "aws_caller_identity" "here" {}

resource "aws_cloudwatch_event_bus" "bus" {
  name = var.name
}

data "aws_iam_policy_document" "bus" {
  statement {
    sid       = "accounts-of-the-organization"
    actions   = ["events:PutEvents"]
    resources = [aws_cloudwatch_event_bus.bus.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = [var.organization_id]
    }
  }
}

resource "aws_cloudwatch_event_bus_policy" "bus" {
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  policy         = data.aws_iam_policy_document.bus.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

data "aws_iam_policy_document" "put" {
  statement {
    actions   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
    resources = [var.stream_arn]
  }
}

resource "aws_iam_role" "role" {
  name               = "${var.name}-eventbridge"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "put" {
  name   = "put"
  role   = aws_iam_role.role.id
  policy = data.aws_iam_policy_document.put.json
}

resource "aws_cloudwatch_event_rule" "rule" {
  name           = var.name
  description    = "CloudTrail's events, to Tripline"
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  # In the state ENABLED there are no read-only events.
  state         = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
  event_pattern = jsonencode({ "detail-type" = [{ suffix = "via CloudTrail" }] })
}

resource "aws_cloudwatch_event_target" "stream" {
  rule           = aws_cloudwatch_event_rule.rule.name
  event_bus_name = aws_cloudwatch_event_bus.bus.name
  target_id      = "stream"
  arn            = var.stream_arn
  role_arn       = aws_iam_role.role.arn
}

output "bus_arn" {
  description = "The bus, for the module eventbridge-member."
  value       = aws_cloudwatch_event_bus.bus.arn
}
