"""Makes what the sinks write to: prepare.py URL. Prints names as assignments of a shell."""

import shlex
import sys

import boto3

sns, sqs = (boto3.client(service, endpoint_url=sys.argv[1], region_name="eu-west-1") for service in ("sns", "sqs"))


def say(name, value):
    print(f"{name}={shlex.quote(value)}")


def queue(name, fifo):
    attributes = {"FifoQueue": "true"} if fifo else {}
    return sqs.create_queue(QueueName=name + (".fifo" if fifo else ""), Attributes=attributes)["QueueUrl"]


for name, fifo in (("", False), ("ordered_", True)):
    say(f"{name}queue", queue(f"{name}queue", fifo))
    attributes = {"FifoTopic": "true"} if fifo else {}
    topic = sns.create_topic(Name=f"{name}topic" + (".fifo" if fifo else ""), Attributes=attributes)["TopicArn"]
    say(f"{name}topic", topic)
    # What comes to the topic is read from a queue.
    subscriber = queue(f"{name}subscriber", fifo)
    say(f"{name}subscriber", subscriber)
    arn = sqs.get_queue_attributes(QueueUrl=subscriber, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
