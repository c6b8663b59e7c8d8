"""What has come to the queues: received.py URL NAMES tests|signals|batch. Waits for a message in each, of a batch for six,
and judges them."""

import json
import shlex
import sys
import time

import boto3

url, names_file, wanted = sys.argv[1:]
names = dict(shlex.split(line)[0].split("=", 1) for line in open(names_file))
sqs = boto3.client("sqs", endpoint_url=url, region_name="eu-west-1")


def receive(queue):
    """The next message and its attributes; fails when none comes within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        answer = sqs.receive_message(
            QueueUrl=queue, WaitTimeSeconds=1, AttributeNames=["All"], MessageAttributeNames=["All"]
        )
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            return message
    raise SystemExit(f"{queue}: nothing came")


def judge(name, message):
    """The message's key, and its group and deduplication id, if it has some."""
    body = json.loads(message["Body"])
    if "subscriber" in name:  # SNS puts the message and its attributes into an envelope
        attributes = {key: one["Value"] for key, one in body["MessageAttributes"].items()}
        body = json.loads(body["Message"])
    else:
        attributes = {key: one["StringValue"] for key, one in message["MessageAttributes"].items()}
    print(name, json.dumps(attributes, sort_keys=True))
    assert attributes["change"] == "opened" and attributes["rule_id"] and attributes["level"], attributes
    assert bool(body.get("test")) == (wanted == "tests"), body
    if wanted != "tests":
        assert attributes["level"] == "high" and attributes["account"] == "111122223333", attributes
        assert "zoë" in json.dumps(body, ensure_ascii=False), body
    return body["key"], message["Attributes"].get("MessageGroupId"), message["Attributes"].get("MessageDeduplicationId")


count = 6 if wanted == "batch" else 1
for name in ("queue", "subscriber", "ordered_queue", "ordered_subscriber"):
    told = [judge(name, receive(names[name])) for _ in range(count)]
    keys, groups, deduplication = zip(*told)
    assert len(set(keys)) == count, keys
    if name.startswith("ordered"):
        assert all(groups) and len(set(groups)) == count, groups  # a signal each, and so a group each
        assert deduplication == keys, told
