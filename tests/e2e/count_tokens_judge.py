"""Checks that botocore sends the same request for a token count: the request as JSON on stdin, its own on stdout."""

import base64
import json
import sys

import botocore.session
from botocore.serialize import create_serializer
from botocore.validate import ParamValidator

request = json.load(sys.stdin)
model = botocore.session.Session().get_service_model("bedrock-runtime")
operation = model.operation_model("CountTokens")
body = json.loads(request["body"])["input"]["invokeModel"]["body"]
wanted = {
    "modelId": request["model"],
    "input": {"invokeModel": {"body": base64.b64decode(body, validate=True)}},
}
report = ParamValidator().validate(wanted, operation.input_shape)
if report.has_errors():
    sys.exit(report.generate_report())
made = create_serializer(model.protocol).serialize_to_request(wanted, operation)
print(
    json.dumps(
        {
            "method": made["method"],
            "url": made["url_path"],
            "body": json.loads(made["body"]),
        }
    )
)
