# Sends CloudTrail's events of one account and Region to the bus of the module eventbridge. For every account and Region, that
# of the bus included.

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

variable "bus_arn" {
  description = "The bus, an output of the module eventbridge."
  type        = string
}

data "aws_caller_identity" "here" {}
data "aws_region" "here" {}

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
    actions   = ["events:PutEvents"]
    resources = [var.bus_arn]
  }
}

resource "aws_iam_role" "role" {
  name               = "${var.name}-eventbridge-${data.aws_region.here.name}" # roles are of an account, rules of a Region
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "put" {
  name   = "put"
  role   = aws_iam_role.role.id
  policy = data.aws_iam_policy_document.put.json
}

resource "aws_cloudwatch_event_rule" "rule" {
  name        = var.name
  description = "CloudTrail's events, to the bus of Tripline"
  # In the state ENABLED there are no read-only events.
  state         = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
  event_pattern = jsonencode({ "detail-type" = [{ suffix = "via CloudTrail" }] })
}

resource "aws_cloudwatch_event_target" "bus" {
  rule      = aws_cloudwatch_event_rule.rule.name
  target_id = "bus"
  arn       = var.bus_arn
  role_arn  = aws_iam_role.role.arn
}
