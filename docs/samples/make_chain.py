#!/usr/bin/env python3
"""Writes chain.ndjson, the same bytes every time: a chain of roles over two accounts. docs/identity.md tells of it.

Everything is invented, as in make_samples.py. Standard library only: python3 docs/samples/make_chain.py
"""

import json
from pathlib import Path

import sample_records
from sample_records import (BROWSER, DATA, IRELAND, OFFICE, SHOP, VIRGINIA, assume_role, call, clock, denied, key, records,
                            seconds, session, sign_in, user)

OUT = Path(__file__).resolve().parent / "chain.ndjson"
HOME = "198.51.100.87"


def alice():
    """By command line: into Deploy of her account, and from there into Admin of the other."""
    who = user("alice")
    call("10:00:00", who, "sts", "GetCallerIdentity", region=IRELAND, ip=HOME)
    deploy = assume_role("10:01:12", who, "Deploy", "build-7", SHOP, path="/ci/", ip=HOME)
    call("10:02:03", deploy, "s3", "ListBuckets", region=IRELAND, ip=HOME)
    denied("10:02:40", deploy, "iam", "CreateUser", "iam:CreateUser", ip=HOME)
    admin = assume_role("10:04:30", deploy, "Admin", "build-7", DATA, ip=HOME)
    call("10:05:10", admin, "ec2", "TerminateInstances",
         {"instancesSet": {"items": [{"instanceId": "i-0f1e2d3c4b5a69788"}]}},
         {"instancesSet": {"items": [{"instanceId": "i-0f1e2d3c4b5a69788", "currentState": {"name": "shutting-down"}}]}},
         region=IRELAND, ip=HOME)
    call("10:06:25", admin, "iam", "AttachUserPolicy",
         {"userName": "reporting", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, ip=HOME)
    call("10:09:41", admin, "ec2", "RunInstances",
         {"instancesSet": {"items": [{"imageId": "ami-0a1b2c3d4e5f60718", "minCount": 1, "maxCount": 40}]},
          "instanceType": "p4d.24xlarge"}, {"reservationId": "r-0a1b2c3d4e5f60718"}, region="ap-southeast-1", ip=HOME)
    call("10:52:08", admin, "s3", "DeleteBucket", {"bucketName": "shop-archive"}, region=IRELAND, ip=HOME)


def dana():
    """In the console: into Auditor of the other account and back. A change of role shows no key."""
    who = user("dana", access_key=key("ASIA", "danaconsole"))
    sign_in("11:00:05", user("dana") | {"accessKeyId": ""}, "Yes")
    call("11:01:20", who, "iam", "ListRoles", ip=OFFICE, agent=BROWSER, sessionCredentialFromConsole="true")
    auditor = session("Auditor", "dana", DATA, since="11:02:00")
    at_switch = {k: v for k, v in auditor.items() if k not in ("accessKeyId", "sessionContext")}

    def switch(at, name, before):
        call(at, at_switch, "signin", name, None, {name: "Success"}, ip=OFFICE, agent=BROWSER, account=DATA,
             eventType="AwsConsoleSignIn", readOnly=False,
             additionalEventData={"SwitchFrom": before, "RedirectTo": "https://console.aws.amazon.com/"})

    switch("11:02:00", "SwitchRole", who["arn"])
    for i, (source, name) in enumerate([("ec2", "DescribeInstances"), ("iam", "ListAttachedUserPolicies"),
                                        ("iam", "DetachUserPolicy")]):
        by_console = auditor | {"accessKeyId": key("ASIA", f"rotated{i}")}  # the console changes keys as it likes
        region = VIRGINIA if source == "iam" else IRELAND
        params = None if source == "ec2" else {"userName": "reporting"}
        if name == "DetachUserPolicy":
            params["policyArn"] = "arn:aws:iam::aws:policy/AdministratorAccess"
        call(clock(seconds("11:02:30") + 65 * i), by_console, source, name, params, region=region, ip=OFFICE,
             agent=BROWSER, sessionCredentialFromConsole="true")
    call("11:06:10", auditor | {"accessKeyId": key("ASIA", "rotated2")}, "signin", "ExitRole", None,
         {"ExitRole": "Success"}, ip=OFFICE, agent=BROWSER, account=DATA, eventType="AwsConsoleSignIn", readOnly=False)
    call("11:07:00", who, "iam", "ListUsers", ip=OFFICE, agent=BROWSER, sessionCredentialFromConsole="true")


def main():
    sample_records.DAY = "2026-11-20"
    alice()
    dana()
    # What was done is delivered before what made it possible, as it may be.
    records.sort(key=lambda r: (r["eventName"] in ("AssumeRole", "SwitchRole"), r["eventTime"]))
    OUT.write_text("".join(json.dumps(r, separators=(",", ":")) + "\n" for r in records))
    print(f"{len(records)} records")


main()
