# A load balancer with a public certificate on port 443 before Tripline, as Firehose wants it. It passes on /firehose alone:
# API and metrics stay inside.

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

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  description = "Public subnets, in two zones at least."
  type        = list(string)
}

variable "certificate_arn" {
  description = "A public certificate of AWS Certificate Manager, for the host of the stream's url."
  type        = string
}

variable "address" {
  description = "The private IPv4 address of the host that Tripline runs on. One process has one store."
  type        = string
}

variable "port" {
  type    = number
  default = 8480
}

variable "protocol" {
  description = "HTTPS where Tripline's address has `tls`; any certificate will do there."
  type        = string
  default     = "HTTP"
  validation {
    condition     = contains(["HTTP", "HTTPS"], var.protocol)
    error_message = "HTTP or HTTPS."
  }
}

resource "aws_security_group" "balancer" {
  name        = "${var.name}-balancer"
  description = "The load balancer before Tripline"
  vpc_id      = var.vpc_id

  ingress {
    description = "Firehose comes from public addresses"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description = "Tripline"
    protocol    = "tcp"
    from_port   = var.port
    to_port     = var.port
    cidr_blocks = ["${var.address}/32"]
  }
}

resource "aws_lb" "balancer" {
  name               = var.name
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
  security_groups    = [aws_security_group.balancer.id]
  # Firehose waits three minutes for an answer; by default a balancer gives up after one.
  idle_timeout               = 180
  drop_invalid_header_fields = true
}

resource "aws_lb_target_group" "target" {
  name        = var.name
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = var.protocol
  port        = var.port
  # As long as Tripline takes at most to make what it has durable when it stops (stop.drain).
  deregistration_delay = 30

  health_check {
    path                = "/readyz"
    protocol            = var.protocol
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group_attachment" "target" {
  target_group_arn = aws_lb_target_group.target.arn
  target_id        = var.address
  port             = var.port
}

resource "aws_lb_listener" "listener" {
  load_balancer_arn = aws_lb.balancer.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "firehose_alone" {
  listener_arn = aws_lb_listener.listener.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/firehose"]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.target.arn
  }
}

output "dns_name" {
  description = "Point the host of the stream's url here, with an alias or a CNAME."
  value       = aws_lb.balancer.dns_name
}

output "security_group" {
  description = "The host of Tripline lets its port in from this group."
  value       = aws_security_group.balancer.id
}
