#!/usr/bin/env python3
"""Writes the sample logs in logs/, the same bytes every time. README.md beside this file tells their story.

Accounts, people, keys and ids are invented; addresses are from the ranges of RFC 5737.
Standard library only. Run it from anywhere: python3 docs/samples/make_samples.py
"""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

from sample_records import (BROWSER, CI_RUNNER, DATA, DAY, IRELAND, OFFICE, SHOP, VIRGINIA, assume_role, call, clock,
                            data_event, denied, ingress, key, made_up, policy, records, root, seconds, service, session,
                            sign_in, user)

LOGS = Path(__file__).resolve().parent / "logs"
CAPTURED = 11 * 3600  # the story is cut at 11:00: what is delivered later is not there
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.21.0"
BOTO = "Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux lang/python#3.13.7"
SSM_AGENT = "aws-sdk-go/1.55.5 (go1.24.4; linux; amd64) amazon-ssm-agent/3.3.2299.0"


def people():
    """Sign-ins of every kind, and what people look at in the console."""
    dana = user("dana", access_key=key("ASIA", "dana"))
    sign_in("09:00:00", user("dana") | {"accessKeyId": ""}, "Yes")
    for i, (source, name, region) in enumerate([
            ("ec2", "DescribeInstances", IRELAND), ("ec2", "DescribeVolumes", IRELAND),
            ("ec2", "DescribeSecurityGroups", IRELAND), ("monitoring", "DescribeAlarms", IRELAND),
            ("rds", "DescribeDBInstances", IRELAND), ("lambda", "ListFunctions20150331", IRELAND),
            ("iam", "ListUsers", VIRGINIA), ("iam", "GetAccountSummary", VIRGINIA), ("s3", "ListBuckets", VIRGINIA)]):
        call(clock(seconds("09:01:10") + 41 * i), dana, source, name, region=region, ip=OFFICE, agent=BROWSER,
             sessionCredentialFromConsole="true")

    erik = user("erik", access_key=key("ASIA", "erik"))
    erik["sessionContext"]["attributes"]["mfaAuthenticated"] = "false"
    at_sign_in = user("erik") | {"accessKeyId": ""}
    nobody_yet = {k: v for k, v in at_sign_in.items() if k != "arn"}  # a failed login names no ARN, and no errorCode
    sign_in("09:04:30", nobody_yet, "No", "Failure", ip="198.51.100.31", errorMessage="Failed authentication")
    sign_in("09:05:02", at_sign_in, "No", ip="198.51.100.31")
    for at, source, name, action, region in [
            ("09:06:00", "ce", "GetCostAndUsage", "ce:GetCostAndUsage", VIRGINIA),
            ("09:06:01", "health", "DescribeEventAggregates", "health:DescribeEventAggregates", VIRGINIA),
            ("09:11:45", "secretsmanager", "ListSecrets", "secretsmanager:ListSecrets", IRELAND)]:
        denied(at, erik, source, name, action, region=region, ip="198.51.100.31", agent=BROWSER,
               error="AccessDeniedException", sessionCredentialFromConsole="true")

    # from the company's identity provider: MFA happened there, and CloudTrail says No
    saml = {"type": "SAMLUser", "principalId": "EXAMPLEQUALIFIER=:frida@example.com", "userName": "frida@example.com",
            "identityProvider": "EXAMPLEQUALIFIER="}
    sso = session("AWSReservedSSO_Support_0123456789abcdef", "frida@example.com",
                  path="/aws-reserved/sso.amazonaws.com/", since="09:12:00")
    call("09:12:00", saml, "sts", "AssumeRoleWithSAML",
         {"roleArn": sso["sessionContext"]["sessionIssuer"]["arn"], "roleSessionName": "frida@example.com",
          "principalArn": f"arn:aws:iam::{SHOP}:saml-provider/AWSSSO_DO_NOT_DELETE", "durationSeconds": 3600},
         {"credentials": {"accessKeyId": key("ASIA", "fridasaml"), "sessionToken": "EXAMPLE"},
          "subject": "frida@example.com", "issuer": "https://idp.example.com"}, ip="198.51.100.40", agent=BROWSER)
    sign_in("09:12:02", {k: v for k, v in sso.items() if k != "accessKeyId"}, "No", ip="198.51.100.40")
    for i, name in enumerate(["DescribeInstances", "DescribeInstanceStatus", "DescribeTags"]):
        call(clock(seconds("09:13:20") + 17 * i), sso, "ec2", name, region=IRELAND, ip="198.51.100.40", agent=BROWSER,
             sessionCredentialFromConsole="true")

    # announced beforehand: the support plan of an account can only be changed by root
    sign_in("09:30:12", root(DATA), "Yes", account=DATA)
    owner = root(DATA, key("ASIA", "rootdata"))
    owner["sessionContext"] = {"attributes": {"creationDate": f"{DAY}T09:30:12Z", "mfaAuthenticated": "true"}}
    for at, source, name in [("09:30:40", "account", "GetContactInformation"), ("09:31:05", "iam", "GetAccountSummary"),
                             ("09:32:10", "iam", "ListMFADevices"), ("09:33:54", "iam", "ListAccessKeys")]:
        call(at, owner, source, name, ip=OFFICE, agent=BROWSER)

    # a person who looks into the other account, under her own name
    reader = assume_role("09:45:00", user("dana"), "ReadOnly", "dana", DATA, ip=OFFICE)
    for i, name in enumerate(["DescribeInstances", "DescribeVpcs", "DescribeSubnets", "DescribeFlowLogs"]):
        call(clock(seconds("09:45:30") + 20 * i), reader, "ec2", name, region=IRELAND, ip=OFFICE)


def pipeline():
    """Terraform comes with a web identity and builds a bucket and a security group."""
    job = "pipeline-4711"
    web = {"type": "WebIdentityUser", "principalId": f"ci.example.com:sts.amazonaws.com:shop/infra/{job}",
           "userName": f"shop/infra/{job}", "identityProvider": "ci.example.com"}
    role = session("TerraformApply", job, path="/ci/", since="09:40:00")
    call("09:40:00", web, "sts", "AssumeRoleWithWebIdentity",
         {"roleArn": role["sessionContext"]["sessionIssuer"]["arn"], "roleSessionName": job},
         {"credentials": {"accessKeyId": role["accessKeyId"], "sessionToken": "EXAMPLE"},
          "assumedRoleUser": {"assumedRoleId": role["principalId"], "arn": role["arn"]}, "provider": "ci.example.com"},
         account=SHOP, region=IRELAND, ip=CI_RUNNER, agent=TERRAFORM)
    group, bucket = "sg-0a1b2c3d4e5f60718", "shop-invoices"
    all_on = dict.fromkeys(["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True)
    steps = [("sts", "GetCallerIdentity", None, None)]
    steps += [("ec2", name, {"filterSet": {}}, None) for name in (
        "DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeSecurityGroups", "DescribeNetworkAcls")]
    steps += [("s3", name, {"bucketName": "shop-assets"}, None) for name in (
        "GetBucketPolicy", "GetBucketVersioning", "GetBucketEncryption", "GetBucketPublicAccessBlock")]
    steps += [
        ("ec2", "CreateSecurityGroup", {"groupName": "invoices", "groupDescription": "invoice service",
                                        "vpcId": "vpc-0a1b2c3d4e5f60718"}, {"_return": True, "groupId": group}),
        ("ec2", "AuthorizeSecurityGroupIngress", ingress(group, 443, "10.0.0.0/8"), {"_return": True}),
        ("ec2", "CreateRoute", {"routeTableId": "rtb-0a1b2c3d4e5f60718", "destinationCidrBlock": "10.9.0.0/16",
                                "transitGatewayId": "tgw-0a1b2c3d4e5f60718"}, {"_return": True}),
        ("s3", "CreateBucket", {"bucketName": bucket}, None),
        ("s3", "PutBucketPublicAccessBlock", {"bucketName": bucket, "publicAccessBlock": "",
                                              "PublicAccessBlockConfiguration": all_on}, None),
        ("s3", "PutBucketPolicy", {"bucketName": bucket, "policy": "", "bucketPolicy": policy(
            bucket, {"AWS": f"arn:aws:iam::{SHOP}:role/order-intake"})}, None),
    ]
    for i, (source, name, params, response) in enumerate(steps):
        call(clock(seconds("09:40:05") + 3 * i), role, source, name, params, response, region=IRELAND, ip=CI_RUNNER,
             agent=TERRAFORM)


def machines():
    """What runs by itself: a function, an instance, and AWS."""
    for minute in range(0, 110, 10):
        at = seconds("09:00:20") + 60 * minute
        intake = assume_role(clock(at), service("lambda.amazonaws.com"), "order-intake", "order-intake", SHOP,
                             path="/service-role/", region=IRELAND)
        data_event(clock(at + 2), intake, "GetObject", "shop-orders", f"in/order-{minute:03}.json", SHOP,
                   region=IRELAND, ip="192.0.2.101", agent=BOTO)
        call(clock(at + 2), intake, "kms", "Decrypt", {"encryptionContext": {
            "aws:s3:arn": f"arn:aws:s3:::shop-orders/in/order-{minute:03}.json"}}, region=IRELAND, ip="192.0.2.101",
             agent=BOTO)
        instance = session("web-server", "i-0a1b2c3d4e5f60718", since="08:55:00", ec2RoleDelivery="2.0")
        call(clock(at + 95), instance, "ssm", "UpdateInstanceInformation",
             {"instanceId": "i-0a1b2c3d4e5f60718", "agentStatus": "Active", "platformName": "Amazon Linux"},
             region=IRELAND, ip="192.0.2.102", agent=SSM_AGENT)
    for i, account in enumerate([SHOP, DATA] * 6):
        call(clock(seconds("09:03:00") + 540 * i), service("cloudtrail.amazonaws.com"), "kms", "GenerateDataKey",
             {"keySpec": "AES_256", "encryptionContext": {
                 "aws:cloudtrail:arn": f"arn:aws:cloudtrail:{IRELAND}:{account}:trail/account"}},
             region=IRELAND, account=account, sharedEventID=made_up("datakey", i))
    for i, name in enumerate(["DescribeDBInstances", "DescribeDBClusters", "DescribeVolumes", "DescribeSnapshots"] * 4):
        backup = session("AWSServiceRoleForBackup", "AWSBackup", DATA, "/aws-service-role/backup.amazonaws.com/",
                         since="09:20:00") | {"invokedBy": "backup.amazonaws.com"}
        call(clock(seconds("09:20:00") + 240 * i), backup, "rds" if "DB" in name else "ec2", name, region=IRELAND)
    call("10:15:44", {"accountId": DATA, "invokedBy": "AWS Internal"}, "kms", "RotateKey", region=IRELAND, account=DATA,
         eventType="AwsServiceEvent", readOnly=False, serviceEventDetails={"keyId": made_up("kms key")})


def intrusion():
    """The key of the user ci-deploy was in a public repository."""
    deploy = user("ci-deploy")
    call("10:05:11", deploy, "sts", "GetCallerIdentity", agent=BOTO)
    for i, (source, name, action, error) in enumerate([
            ("iam", "GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", "AccessDenied"),
            ("organizations", "DescribeOrganization", "organizations:DescribeOrganization", "AccessDeniedException"),
            ("secretsmanager", "ListSecrets", "secretsmanager:ListSecrets", "AccessDeniedException"),
            ("ec2", "DescribeInstances", "ec2:DescribeInstances", "Client.UnauthorizedOperation"),
            ("ec2", "DescribeSnapshots", "ec2:DescribeSnapshots", "Client.UnauthorizedOperation"),
            ("rds", "DescribeDBSnapshots", "rds:DescribeDBSnapshots", "AccessDenied"),
            ("ses", "GetSendQuota", "ses:GetSendQuota", "AccessDenied"),
            ("lambda", "ListFunctions20150331", "lambda:ListFunctions", "AccessDeniedException")]):
        region = VIRGINIA if source in ("iam", "organizations") else IRELAND
        denied(clock(seconds("10:05:30") + 4 * i), deploy, source, name, action, region=region, agent=BOTO, error=error)
    call("10:07:02", deploy, "iam", "ListUsers", agent=BOTO)
    call("10:07:05", deploy, "iam", "ListRoles", agent=BOTO)
    call("10:07:40", deploy, "s3", "ListBuckets", agent=BOTO)

    # the user may manage users under /ci/ and nowhere else
    denied("10:11:20", deploy, "iam", "CreateUser", "iam:CreateUser")
    denied("10:11:52", deploy, "iam", "CreateLoginProfile", "iam:CreateLoginProfile")
    metrics = "ci-metrics"
    call("10:12:31", deploy, "iam", "CreateUser", {"userName": metrics, "path": "/ci/"},
         {"user": {"path": "/ci/", "userName": metrics, "userId": key("AIDA", metrics),
                   "arn": f"arn:aws:iam::{SHOP}:user/ci/{metrics}", "createDate": "Nov 18, 2026, 10:12:31 AM"}})
    call("10:12:58", deploy, "iam", "CreateAccessKey", {"userName": metrics},
         {"accessKey": {"accessKeyId": key("AKIA", metrics), "status": "Active", "userName": metrics,
                        "createDate": "Nov 18, 2026, 10:12:58 AM"}})

    made = user(metrics)
    made["arn"] = f"arn:aws:iam::{SHOP}:user/ci/{metrics}"
    call("10:16:05", made, "sts", "GetCallerIdentity")
    denied("10:17:33", made, "sts", "AssumeRole", f"sts:AssumeRole on resource: arn:aws:iam::{DATA}:role/Admin")
    operator = assume_role("10:18:10", made, "BackupOperator", "system-update", DATA)

    there = {"region": IRELAND}
    detector = {"detectorId": "12abc34d567e8fa901bc2d34e56789f0"}
    call("10:19:02", operator, "cloudtrail", "DescribeTrails", **there)
    call("10:19:30", operator, "guardduty", "ListDetectors", **there)
    denied("10:20:14", operator, "cloudtrail", "DeleteTrail", "cloudtrail:DeleteTrail", **there)
    call("10:20:48", operator, "cloudtrail", "StopLogging",
         {"name": f"arn:aws:cloudtrail:{IRELAND}:{DATA}:trail/account"}, **there)
    call("10:22:05", operator, "guardduty", "DeleteDetector", detector, **there)
    call("10:24:40", operator, "s3", "DeleteAccountPublicAccessBlock",
         {"Host": f"{DATA}.s3-control.{IRELAND}.amazonaws.com"}, **there)
    call("10:25:31", operator, "s3", "PutBucketPolicy", {
        "bucketName": "shop-customers", "policy": "", "bucketPolicy": policy("shop-customers", "*")}, **there)
    call("10:29:12", operator, "ec2", "AuthorizeSecurityGroupIngress", ingress("sg-0f1e2d3c4b5a69788", 22, "0.0.0.0/0"),
         {"_return": True}, **there)
    for i in range(12):
        data_event(clock(seconds("10:33:00") + 9 * i), operator, "GetObject", "shop-customers",
                   f"export/part-{i:04}.parquet", DATA, **there)

    # found out; the last minutes have not reached the trail's bucket yet
    denied("10:56:20", made, "iam", "CreateAccessKey", "iam:CreateAccessKey on resource: user dana")
    admin = user("dana", access_key=key("ASIA", "dana"))
    for at, name, params in [("10:57:41", "UpdateAccessKey", {"userName": "ci-deploy", "status": "Inactive",
                                                              "accessKeyId": key("AKIA", "ci-deploy")}),
                             ("10:58:02", "DeleteAccessKey", {"userName": metrics,
                                                              "accessKeyId": key("AKIA", metrics)}),
                             ("10:58:20", "DeleteUser", {"userName": metrics})]:
        call(at, admin, "iam", name, params, ip=OFFICE, agent=BROWSER)


# ---- how it is delivered ----


def chance(*parts):
    """A number that looks random and is the same in every run."""
    return int.from_bytes(hashlib.sha256(":".join(map(str, parts)).encode()).digest()[:8], "big")


def trails(record):
    """Both accounts write to one bucket through the trail `audit`; DATA has its own as well, until it is stopped."""
    yield "audit"
    if record["recipientAccountId"] == DATA and record["eventTime"][11:19] <= "10:20:48":
        yield "account"


def write_bucket():
    """The S3 layout: files of five minutes, three to eight minutes late, records in no order."""
    files = {}
    for record in records:
        for trail in trails(record):
            late = 180 + chance("late", trail, record["eventID"]) % 300
            delivered = -(-(seconds(record["eventTime"][11:19]) + late) // 300) * 300
            if delivered <= CAPTURED:
                where = (record["recipientAccountId"], record["awsRegion"], delivered, trail)
                files.setdefault(where, []).append(record)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    for where, batch in files.items():
        account, region, delivered, _ = where
        batch.sort(key=lambda r: chance("order", r["eventID"]))
        suffix = "".join(alphabet[chance("name", i, *where) % len(alphabet)] for i in range(16))
        folder = LOGS / "AWSLogs" / account / "CloudTrail" / region / DAY.replace("-", "/")
        folder.mkdir(parents=True, exist_ok=True)
        stamp = DAY.replace("-", "") + "T" + clock(delivered)[:5].replace(":", "")
        text = json.dumps({"Records": batch}, separators=(",", ":")).encode()
        path = folder / f"{account}_CloudTrail_{region}_{stamp}Z_{suffix}.json.gz"
        path.write_bytes(gzip.compress(text, mtime=0))


def write_eventbridge():
    """A rule of SHOP's default bus keeps sign-ins and IAM changes. It is minutes ahead of the trail."""
    folder = LOGS / "eventbridge"
    folder.mkdir(parents=True)
    lines = []
    for record in records:
        source = record["eventSource"].split(".")[0]
        if record["recipientAccountId"] != SHOP or source not in ("signin", "iam") or record["readOnly"]:
            continue
        kind = "AWS Console Sign In via CloudTrail" if source == "signin" else "AWS API Call via CloudTrail"
        lines.append(json.dumps({
            "version": "0", "id": made_up("delivery", record["eventID"]), "detail-type": kind,
            "source": f"aws.{source}", "account": SHOP, "time": record["eventTime"], "region": record["awsRegion"],
            "resources": [], "detail": record}, separators=(",", ":")) + "\n")
    (folder / f"{DAY}.ndjson").write_text("".join(lines))


def main():
    people()
    pipeline()
    machines()
    intrusion()
    shutil.rmtree(LOGS, ignore_errors=True)
    write_bucket()
    write_eventbridge()


if __name__ == "__main__":
    main()
