# Tripline's SNS and SQS sinks against moto, an independent implementation of AWS's APIs, behind a check of signatures.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../common.sh"

# What is known of SNS and SQS where there is no moto.
instead="requests to SNS and SQS were checked against the vectors of their signatures alone (./dev test connectors 'SigV4*')"
command -v python3 > /dev/null || skip "python3 is missing; $instead"
fetched python3 -m venv venv
fetched venv/bin/pip install --quiet --disable-pip-version-check --retries 1 --timeout 30 moto==5.2.5 flask flask-cors

export AWS_ACCESS_KEY_ID=AKIATRIPLINEPEER0001 AWS_SECRET_ACCESS_KEY=a-secret-for-tests-only-0001
export AWS_EC2_METADATA_DISABLED=true
venv/bin/python "$here/server.py" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" requests.txt > moto.url 2> moto.log &
at_exit "stop $!"
for ((tries = 0; tries < 300; ++tries)); do
  moto=$(cat moto.url) && [[ -n $moto ]] && break
  sleep 0.1
done
[[ -n $moto ]] || { cat moto.log && exit 1; }

venv/bin/python "$here/prepare.py" "$moto" > names.sh
. ./names.sh
cat > tripline.yml << YAML
listen: [{address: "127.0.0.1:0"}]
store: {path: data}
sinks:
  - {name: topic, sns: {topic_arn: "$topic", endpoint: "$moto", allow: [127.0.0.1]}}
  - {name: ordered-topic, sns: {topic_arn: "$ordered_topic", endpoint: "$moto", allow: [127.0.0.1]}}
  - {name: queue, sqs: {queue_url: "$queue", region: eu-west-1, endpoint: "$moto", allow: [127.0.0.1]}}
  - {name: ordered-queue, sqs: {queue_url: "$ordered_queue", region: eu-west-1, endpoint: "$moto", allow: [127.0.0.1]}}
routes:
  - {sinks: [topic, ordered-topic, queue, ordered-queue], group_interval: 0s, digest_above: 0}
YAML

for sink in topic ordered-topic queue ordered-queue; do
  "$TRIPLINE" sink test "$sink" -c tripline.yml
  if AWS_SECRET_ACCESS_KEY=wrong "$TRIPLINE" sink test "$sink" -c tripline.yml > refused.txt 2>&1; then
    echo "$sink: a wrong signature was taken" && exit 1
  fi
  grep -q SignatureDoesNotMatch refused.txt || { cat refused.txt && exit 1; }
done
venv/bin/python "$here/received.py" "$moto" names.sh tests

# The same by a server that detects something.
serve tripline.yml
curl --fail --silent --show-error "$url/v1/events" --data-binary @"$here/event.json" > taken.json
venv/bin/python "$here/received.py" "$moto" names.sh signals

# Six at once go to each in one request.
for user in 1 2 3 4 5 6; do
  sed "s/zoë/zoë-$user/g; s/7f0b6c1e-4d0a/7f0b6c1e-000$user/" "$here/event.json"
done > events.ndjson
curl --fail --silent --show-error "$url/v1/events" --data-binary @events.ndjson > taken.json
venv/bin/python "$here/received.py" "$moto" names.sh batch
for batch in "sns PublishBatch 6" "sqs SendMessageBatch 6"; do
  [[ $(grep -cx "$batch" requests.txt) -eq 2 ]] || { echo "no two requests \`$batch\`:" && cat requests.txt && exit 1; }
done
echo "$(venv/bin/pip freeze | grep -i '^moto'): tests, signals and batches came to a topic and a queue, and to ordered ones;" \
  "wrong signatures were refused"
