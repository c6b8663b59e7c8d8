# The AWS SDK for JavaScript v3 writes to Tripline's Firehose and Kinesis APIs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../common.sh"

command -v node > /dev/null || skip "node is missing"
command -v npm > /dev/null || skip "npm is missing"
cp "$here/package.json" "$here/put.mjs" .
fetched npm install --no-audit --no-fund --no-package-lock --fetch-retries 1 --fetch-timeout 30000

key=TRIPLINETESTKEY00001 secret=a-secret-for-tests-only-0001
cat > tripline.yml << YAML
listen: [{address: "127.0.0.1:0"}]
store: {path: data}
sources:
  aws:
    credentials:
      - {access_key_id: $key, secret_access_key: $secret}
YAML
serve tripline.yml
node put.mjs "$url" "$key" "$secret"
echo "node $(node --version), client-firehose and client-kinesis: $(sed -n 's/.*"@aws-sdk[^:]*: "\(.*\)",*/\1/p' package.json |
  paste -sd ' ')"
echo "1002 events taken and counted; a wrong signature and a batch too large refused in the SDK's words"
