"""Builds CloudTrail records for the sample logs: who acts, and what a call of theirs leaves behind.

make_samples.py tells the story with it. All ids are derived from names, so every run gives the same records.
"""

import uuid

DAY = "2026-11-18"
SHOP, DATA = "111122223333", "444455556666"
VIRGINIA, IRELAND = "us-east-1", "eu-west-1"
OFFICE, CI_RUNNER, INTRUDER = "198.51.100.24", "192.0.2.40", "203.0.113.77"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CLI = "aws-cli/2.28.1 md/awscrt#0.27.4 ua/2.1 os/linux md/arch#x86_64 lang/python#3.13.7"
READS = ("Describe", "Get", "List", "Lookup", "Decrypt", "GenerateDataKey", "AssumeRole")

records = []  # CloudTrail records in the order they are told


def made_up(*parts):
    """A UUID that depends on nothing but its name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "tripline-samples:" + ":".join(map(str, parts))))


def key(prefix, owner):
    """An id in AWS's form that says EXAMPLE: access keys have 20 characters, principals 21."""
    length = 20 if prefix in ("AKIA", "ASIA") else 21
    owner = "".join(c for c in owner.upper() if c.isalnum())
    return prefix + owner[: length - 11].ljust(length - 11, "0") + "EXAMPLE"


def seconds(at):
    h, m, s = map(int, at.split(":"))
    return h * 3600 + m * 60 + s


def clock(total):
    return f"{total // 3600:02}:{total // 60 % 60:02}:{total % 60:02}"


# ---- who acts ----


def user(name, account=SHOP, access_key=None):
    identity = {
        "type": "IAMUser",
        "principalId": key("AIDA", name),
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "accessKeyId": access_key or key("AKIA", name),
        "userName": name,
    }
    if identity["accessKeyId"].startswith("ASIA"):
        identity["sessionContext"] = {"attributes": {"creationDate": f"{DAY}T09:00:00Z", "mfaAuthenticated": "true"}}
    return identity


def session(role, name, account=SHOP, path="/", since="09:00:00", **context):
    issuer = {
        "type": "Role",
        "principalId": key("AROA", role),
        "arn": f"arn:aws:iam::{account}:role{path}{role}",
        "accountId": account,
        "userName": role,
    }
    return {
        "type": "AssumedRole",
        "principalId": f"{issuer['principalId']}:{name}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
        "accountId": account,
        "accessKeyId": key("ASIA", name + role),
        "sessionContext": {
            "sessionIssuer": issuer,
            "attributes": {"creationDate": f"{DAY}T{since}Z", "mfaAuthenticated": "false"},
            **context,
        },
    }


def root(account, access_key=""):
    identity = {"type": "Root", "principalId": account, "arn": f"arn:aws:iam::{account}:root", "accountId": account}
    return identity | {"accessKeyId": access_key}


def service(name):
    return {"type": "AWSService", "invokedBy": name}


# ---- what happens ----


def call(at, who, source, name, params=None, response=None, *, region=VIRGINIA, account=None, ip=INTRUDER, agent=CLI,
         error=None, message=None, **extra):
    """Adds one record. Calls of services carry the service's name as address and agent, as in real logs."""
    by_service = who.get("invokedBy")
    record = {
        "eventVersion": "1.11",
        "userIdentity": who,
        "eventTime": f"{DAY}T{at}Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": by_service or ip,
        "userAgent": by_service or agent,
    }
    if error:
        record |= {"errorCode": error, "errorMessage": message}
    number = len(records)
    record |= {
        "requestParameters": params,
        "responseElements": response,
        "requestID": made_up("request", number),
        "eventID": made_up("event", number),
        "readOnly": name.startswith(READS),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account or who.get("accountId") or SHOP,
        "eventCategory": "Management",
    }
    if not by_service:
        record["tlsDetails"] = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"}
    record |= extra
    records.append(record)
    return record


def denied(at, who, source, name, action, **more):
    arn = who["arn"]
    return call(at, who, source, name, error=more.pop("error", "AccessDenied"),
                message=f"User: {arn} is not authorized to perform: {action}", **more)


def sign_in(at, who, mfa, result="Success", account=SHOP, ip=OFFICE, **extra):
    call(at, who, "signin", "ConsoleLogin", None, {"ConsoleLogin": result}, account=account, ip=ip, agent=BROWSER,
         eventType="AwsConsoleSignIn", readOnly=False,
         additionalEventData={"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No",
                              "MFAUsed": mfa}, **extra)


def data_event(at, who, name, bucket, object_key, account, **more):
    call(at, who, "s3", name, {"bucketName": bucket, "key": object_key, "Host": f"{bucket}.s3.amazonaws.com"},
         account=account, managementEvent=False, eventCategory="Data",
         additionalEventData={"SignatureVersion": "SigV4", "bytesTransferredIn": 0.0, "bytesTransferredOut": 48211.0},
         resources=[{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{object_key}"},
                    {"accountId": account, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}], **more)


def assume_role(at, who, role, name, account, path="/", region=VIRGINIA, **more):
    """Mints a session. When the role belongs to another account, that account gets a copy of its own."""
    minted = session(role, name, account, path, since=at)
    minted["accessKeyId"] = key("ASIA", name[:3] + at)  # every call mints another one
    arn = f"arn:aws:iam::{account}:role{path}{role}"
    params = {"roleArn": arn, "roleSessionName": name, "durationSeconds": 3600}
    response = {"credentials": {"accessKeyId": minted["accessKeyId"], "sessionToken": "EXAMPLE",
                                "expiration": f"Nov {int(DAY[8:])}, 2026, {int(at[:2]) + 1}{at[2:]} AM"}}
    if who["type"] != "AWSService":
        response["assumedRoleUser"] = {"assumedRoleId": minted["principalId"], "arn": minted["arn"]}
    shared = {"sharedEventID": made_up("shared", at, name),
              "resources": [{"accountId": account, "type": "AWS::IAM::Role", "ARN": arn}]}
    home = who.get("accountId", account)
    call(at, who, "sts", "AssumeRole", params, response, region=region, account=home, **shared, **more)
    if home != account:
        stranger = {"type": "AWSAccount", "principalId": who["principalId"], "accountId": home}
        call(at, stranger, "sts", "AssumeRole", params, response, region=region, account=account, **shared, **more)
    return minted


def ingress(group, port, cidr):
    return {"groupId": group, "ipPermissions": {"items": [{
        "ipProtocol": "tcp", "fromPort": port, "toPort": port, "groups": {},
        "ipRanges": {"items": [{"cidrIp": cidr}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}}


def policy(bucket, principal):
    return {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": principal, "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}]}
