// The AWS SDK for JavaScript writes to a running `tripline serve`: node put.mjs URL ACCESS_KEY_ID SECRET_ACCESS_KEY
import assert from "node:assert/strict";
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand as PutToFirehose,
} from "@aws-sdk/client-firehose";
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand as PutToKinesis,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const [url, accessKeyId, secretAccessKey] = process.argv.slice(2);
const settings = {
  endpoint: url,
  region: "eu-west-1",
  credentials: { accessKeyId, secretAccessKey },
  maxAttempts: 1,
};
const firehose = new FirehoseClient(settings);
// By default this client wants HTTP/2.
const kinesis = new KinesisClient({ ...settings, requestHandler: new NodeHttpHandler() });

let made = 0;
const event = () =>
  Buffer.from(
    JSON.stringify({
      eventVersion: "1.11",
      eventTime: "2026-01-15T10:11:12Z",
      eventName: "ListUsers",
      eventSource: "iam.amazonaws.com",
      awsRegion: "eu-west-1",
      eventID: `javascript-${made++}`,
      recipientAccountId: "111122223333",
      userIdentity: { type: "IAMUser", userName: "zoë", accountId: "111122223333" },
    }),
  );
const events = (count) => Array.from({ length: count }, event);

const DeliveryStreamName = "trail";
assert.ok((await firehose.send(new PutToFirehose({ DeliveryStreamName, Record: { Data: event() } }))).RecordId);
const batch = await firehose.send(
  new PutRecordBatchCommand({ DeliveryStreamName, Records: events(500).map((Data) => ({ Data })) }),
);
assert.equal(batch.FailedPutCount, 0);
assert.equal(batch.RequestResponses.length, 500);
const { DeliveryStreamDescription } = await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
assert.equal(DeliveryStreamDescription.DeliveryStreamStatus, "ACTIVE");
assert.ok((await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames);

const StreamName = "trail";
const PartitionKey = "111122223333";
assert.ok((await kinesis.send(new PutToKinesis({ StreamName, PartitionKey, Data: event() }))).SequenceNumber);
const records = await kinesis.send(
  new PutRecordsCommand({ StreamName, Records: events(500).map((Data) => ({ Data, PartitionKey })) }),
);
assert.equal(records.FailedRecordCount, 0);
assert.equal(records.Records.length, 500);
const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
assert.equal(StreamDescriptionSummary.StreamStatus, "ACTIVE");
assert.equal((await kinesis.send(new ListShardsCommand({ StreamName }))).Shards.length, 1);

// As docs/ingest.md says: without that handler it does not go.
await assert.rejects(new KinesisClient(settings).send(new ListShardsCommand({ StreamName })), { code: "ERR_HTTP2_ERROR" });

// Errors come as the SDK's own.
const stranger = new FirehoseClient({ ...settings, credentials: { accessKeyId, secretAccessKey: "wrong" } });
await assert.rejects(stranger.send(new PutToFirehose({ DeliveryStreamName, Record: { Data: event() } })), {
  name: "InvalidSignatureException",
});
await assert.rejects(
  firehose.send(
    new PutRecordBatchCommand({ DeliveryStreamName, Records: events(501).map((Data) => ({ Data })) }),
  ),
  { name: "InvalidArgumentException" },
);

// Each event that was acknowledged was counted, and no other.
const metrics = await (await fetch(`${url}/metrics`)).text();
const accepted = [...metrics.matchAll(/^tripline_events_total\{.*outcome="accepted"\} (\d+)$/gm)];
assert.equal(accepted.reduce((sum, [, count]) => sum + Number(count), 0), 1002);
