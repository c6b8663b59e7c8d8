# A delivery stream of Amazon Data Firehose that brings what is put into it to Tripline, with its access key and a bucket that
# has a copy of everything. docs/aws-setup.md of Tripline says what comes before and after.

terraform {
  required_version = ">= 1.11" # write-only arguments
  required_providers {
    aws    = { source = "hashicorp/aws", version = ">= 5.90" }
    random = { source = "hashicorp/random", version = ">= 3.7" }
  }
}

variable "name" {
  description = "What everything here is called."
  type        = string
  default     = "tripline"
}

variable "url" {
  description = "Tripline's address for Firehose, such as https://detect.example.net/firehose"
  type        = string
  validation {
    # Firehose speaks HTTPS on port 443 alone, to names with a certificate that the public trusts.
    condition     = can(regex("^https://[A-Za-z0-9.-]+(:443)?/[^ ]*$", var.url)) && length(var.url) <= 1000
    error_message = "An https URL on port 443, of at most 1,000 characters."
  }
}

variable "backup_days" {
  description = "How many days the copy of all records is kept."
  type        = number
  default     = 30
}

data "aws_caller_identity" "here" {}
data "aws_region" "here" {}

# Tripline has the same key in `sources.firehose`. It is never in Terraform's state; a new version of it is a new key.
ephemeral "random_password" "access_key" {
  length  = 64
  special = false
}

resource "aws_secretsmanager_secret" "access_key" {
  name        = "${var.name}/firehose"
  description = "The access key that Firehose shows to Tripline"
}

resource "aws_secretsmanager_secret_version" "access_key" {
  secret_id                = aws_secretsmanager_secret.access_key.id
  secret_string_wo         = jsonencode({ api_key = ephemeral.random_password.access_key.result })
  secret_string_wo_version = 1
}

resource "aws_s3_bucket" "backup" {
  bucket = "${var.name}-firehose-${data.aws_caller_identity.here.account_id}-${data.aws_region.here.name}"
}

resource "aws_s3_bucket_public_access_block" "backup" {
  bucket                  = aws_s3_bucket.backup.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "backup" {
  bucket = aws_s3_bucket.backup.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "backup" {
  bucket = aws_s3_bucket.backup.id
  rule {
    id     = "forget"
    status = "Enabled"
    filter {}
    expiration {
      days = var.backup_days
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

data "aws_iam_policy_document" "backup" {
  statement {
    sid       = "EncryptedConnectionsAlone"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.backup.arn, "${aws_s3_bucket.backup.arn}/*"]
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

resource "aws_s3_bucket_policy" "backup" {
  bucket = aws_s3_bucket.backup.id
  policy = data.aws_iam_policy_document.backup.json
}

# Firehose's errors, with Tripline's `errorMessage` in them.
resource "aws_cloudwatch_log_group" "errors" {
  name              = "/aws/kinesisfirehose/${var.name}"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_stream" "errors_of_delivery" {
  log_group_name = aws_cloudwatch_log_group.errors.name
  name           = "delivery"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["firehose.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

data "aws_iam_policy_document" "deliver" {
  statement {
    actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    resources = [aws_s3_bucket.backup.arn]
  }
  statement {
    actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.backup.arn}/*"]
  }
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.access_key.arn]
  }
  statement {
    actions   = ["logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.errors.arn}:log-stream:delivery"]
  }
}

resource "aws_iam_role" "role" {
  name               = "${var.name}-firehose"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "deliver" {
  name   = "deliver"
  role   = aws_iam_role.role.id
  policy = data.aws_iam_policy_document.deliver.json
}

resource "aws_kinesis_firehose_delivery_stream" "stream" {
  name        = var.name
  destination = "http_endpoint"
  depends_on  = [aws_iam_role_policy.deliver, aws_secretsmanager_secret_version.access_key]

  server_side_encryption {
    enabled  = true
    key_type = "AWS_OWNED_CMK"
  }

  http_endpoint_configuration {
    name     = "Tripline"
    url      = var.url
    role_arn = aws_iam_role.role.arn

    # By default it is 5 MiB and 300 s, which makes everything up to five minutes later.
    buffering_size     = 1
    buffering_interval = 60

    # How long an outage of Tripline may last; 7200 is the most there is. Afterwards the data is in the bucket alone.
    retry_duration = 7200

    # Of everything, and not only of what could not be delivered, so that any hour can be played again.
    s3_backup_mode = "AllData"

    secrets_manager_configuration {
      enabled    = true
      role_arn   = aws_iam_role.role.arn
      secret_arn = aws_secretsmanager_secret.access_key.arn
    }

    request_configuration {
      content_encoding = "GZIP"
    }

    s3_configuration {
      role_arn            = aws_iam_role.role.arn
      bucket_arn          = aws_s3_bucket.backup.arn
      prefix              = "all/"
      error_output_prefix = "failed/!{firehose:error-output-type}/"
      buffering_size      = 5
      buffering_interval  = 300
      # What CloudWatch Logs sends is gzip already.
      compression_format = "UNCOMPRESSED"
      cloudwatch_logging_options {
        enabled         = true
        log_group_name  = aws_cloudwatch_log_group.errors.name
        log_stream_name = aws_cloudwatch_log_stream.errors_of_delivery.name
      }
    }

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.errors.name
      log_stream_name = aws_cloudwatch_log_stream.errors_of_delivery.name
    }
  }
}

output "stream_arn" {
  description = "The delivery stream, for trail and eventbridge."
  value       = aws_kinesis_firehose_delivery_stream.stream.arn
}

output "access_key_secret" {
  description = "Where the access key is. Tripline needs the value of its property api_key."
  value       = aws_secretsmanager_secret.access_key.arn
}

output "backup_bucket" {
  description = "Where a copy of everything is."
  value       = aws_s3_bucket.backup.id
}
