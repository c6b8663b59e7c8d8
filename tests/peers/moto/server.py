"""moto server behind a check of signatures: server.py KEY_ID SECRET REQUESTS. Says where it listens, and writes a line to
the file REQUESTS for each that it lets through: the service, the action, and how many entries there were.

moto signs again what it has read out of a form, in an encoding that need not be the sender's. What is checked here, with
botocore's own signer, are the bytes that came.
"""

import io
import json
import sys
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

key_id, secret, requests = sys.argv[1:]
moto = DomainDispatcherApplication(create_backend_app)


def is_signed(environ, body):
    algorithm, _, rest = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if algorithm != "AWS4-HMAC-SHA256":
        return False
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    who, _, region, service, _ = parts["Credential"].split("/")
    headers = {}
    for name in parts["SignedHeaders"].split(";"):
        variable = name.upper().replace("-", "_")
        headers[name] = environ.get(variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}", "")
    url = f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=url, data=body, headers=headers)
    request.context["timestamp"] = environ["HTTP_X_AMZ_DATE"]
    signer = SigV4Auth(Credentials(key_id, secret), service, region)
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return who == key_id and signature == parts["Signature"]


def note(environ, body):
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        service, action, entries = "sqs", target.split(".")[1], len(json.loads(body).get("Entries", []))
    else:
        form = urllib.parse.parse_qs(body.decode())
        service, action = "sns", form.get("Action", [""])[0]
        entries = sum(name.endswith(".Id") for name in form)
    with open(requests, "a") as file:
        print(service, action, entries, file=file)


def checked(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    if is_signed(environ, body):
        note(environ, body)
        return moto(environ, start_response)
    if "json" in environ.get("CONTENT_TYPE", ""):
        answer = json.dumps({"__type": "com.amazon.coral.service#SignatureDoesNotMatch", "message": "not signed so"})
    else:
        answer = (
            "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>"
            "<Message>not signed so</Message></Error></ErrorResponse>"
        )
    start_response("403 Forbidden", [("Content-Type", environ.get("CONTENT_TYPE", "text/xml"))])
    return [answer.encode()]


server = make_server("127.0.0.1", 0, checked, threaded=True)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
