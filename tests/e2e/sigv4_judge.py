"""Checks that botocore computes the same signature for a request: sigv4_judge.py, the request as JSON on stdin."""

import datetime
import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

request = json.load(sys.stdin)
headers = request["headers"]
date = datetime.datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ")


class Then(SigV4Auth):
    """A signer whose clock is the request's time."""

    def _modify_request_before_signing(self, wanted):
        wanted.context["timestamp"] = headers["x-amz-date"]
        if self.credentials.token:
            wanted.headers["X-Amz-Security-Token"] = self.credentials.token
        wanted.headers["X-Amz-Date"] = headers["x-amz-date"]

    def headers_to_sign(self, wanted):
        chosen = super().headers_to_sign(wanted)
        for name in [name for name in chosen if name.lower() not in request["signed"]]:
            del chosen[name]
        return chosen


wanted = AWSRequest(
    method="POST",
    url="https://" + headers["host"] + request["url"],
    data=request["body"].encode(),
    headers={"host": headers["host"]},
)
wanted.context["timestamp"] = headers["x-amz-date"]
signer = Then(Credentials("AKID", "secret", request.get("token")), "bedrock", "us-east-1")
signer._modify_request_before_signing(wanted)
text = signer.canonical_request(wanted)
signature = signer.signature(signer.string_to_sign(wanted, text), wanted)
print(signature)
