# An organization trail that goes by CloudWatch Logs into the delivery stream of the module stream. For the organization's
# management account, in the stream's Region.

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
  description = "The organization's id, such as o-exampleorgid"
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

variable "log_days" {
  description = "How many days CloudWatch Logs keeps the records. The bucket keeps them until somebody deletes them."
  type        = number
  default     = 7
}

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

locals {
  account   = data.aws_caller_identity.here.account_id
  region    = data.aws_region.here.name
  partition = data.aws_partition.here.partition
  trail_arn = "arn:${local.partition}:cloudtrail:${local.region}:${local.account}:trail/${var.name}"
}

resource "aws_s3_bucket" "bucket" {
  bucket = "${var.name}-trail-${local.account}-${local.region}"
}

resource "aws_s3_bucket_public_access_block" "bucket" {
  bucket                  = aws_s3_bucket.bucket.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "bucket" {
  bucket = aws_s3_bucket.bucket.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "bucket" {
  bucket = aws_s3_bucket.bucket.id
  versioning_configuration {
    status = "Enabled"
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "TrailLooks"
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.bucket.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
  statement {
    sid     = "TrailWrites"
    actions = ["s3:PutObject"]
    resources = [
      "${aws_s3_bucket.bucket.arn}/AWSLogs/${local.account}/*",
      "${aws_s3_bucket.bucket.arn}/AWSLogs/${var.organization_id}/*",
    ]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
  statement {
    sid       = "EncryptedConnectionsAlone"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.bucket.arn, "${aws_s3_bucket.bucket.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "bucket" {
  bucket = aws_s3_bucket.bucket.id
  policy = data.aws_iam_policy_document.bucket.json
}

resource "aws_cloudwatch_log_group" "records" {
  name              = "${var.name}-trail"
  retention_in_days = var.log_days
}

data "aws_iam_policy_document" "trail_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
}

data "aws_iam_policy_document" "trail" {
  statement {
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      "${aws_cloudwatch_log_group.records.arn}:log-stream:${local.account}_CloudTrail_*",
      "${aws_cloudwatch_log_group.records.arn}:log-stream:${var.organization_id}_*",
    ]
  }
}

resource "aws_iam_role" "trail" {
  name               = "${var.name}-trail"
  assume_role_policy = data.aws_iam_policy_document.trail_trust.json
}

resource "aws_iam_role_policy" "trail" {
  name   = "write"
  role   = aws_iam_role.trail.id
  policy = data.aws_iam_policy_document.trail.json
}

resource "aws_cloudtrail" "trail" {
  name                          = var.name
  enable_logging                = true
  is_organization_trail         = true
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  s3_bucket_name                = aws_s3_bucket.bucket.id
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.records.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.trail.arn
  depends_on                    = [aws_s3_bucket_policy.bucket, aws_iam_role_policy.trail]

  event_selector {
    read_write_type           = "All"
    include_management_events = true
  }
}

data "aws_iam_policy_document" "subscription_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["logs.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:logs:${local.region}:${local.account}:*"]
    }
  }
}

data "aws_iam_policy_document" "subscription" {
  statement {
    actions   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
    resources = [var.stream_arn]
  }
}

resource "aws_iam_role" "subscription" {
  name               = "${var.name}-subscription"
  assume_role_policy = data.aws_iam_policy_document.subscription_trust.json
}

resource "aws_iam_role_policy" "subscription" {
  name   = "put"
  role   = aws_iam_role.subscription.id
  policy = data.aws_iam_policy_document.subscription.json
}

resource "aws_cloudwatch_log_subscription_filter" "subscription" {
  name           = var.name
  log_group_name = aws_cloudwatch_log_group.records.name
  # All of it: Tripline's own filter costs next to nothing, and a pattern here would hide what rules are yet to look for.
  filter_pattern  = ""
  destination_arn = var.stream_arn
  role_arn        = aws_iam_role.subscription.arn
  depends_on      = [aws_iam_role_policy.subscription]
}

output "trail_arn" {
  value = aws_cloudtrail.trail.arn
}

output "bucket" {
  description = "The trail's files. `tripline scan` reads them as they are."
  value       = aws_s3_bucket.bucket.id
}
