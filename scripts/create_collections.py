"""Creates the index and the collection of docker-compose.yml, and prints requests to try.

usage: create_collections.py ELASTICSEARCH_URL CHROMA_URL GATEWAY_URL
"""

import base64
import json
import sys
import time
import urllib.error
import urllib.request

NAME = "higress"
DIMENSIONS = 384
ES_USER = "elastic:123456"
QUESTION = "How do I bake sourdough bread at home?"
CHROMA = "/api/v2/tenants/default_tenant/databases/default_database/collections"

INDEX = {
    "settings": {"number_of_replicas": 0},
    "mappings": {
        "properties": {
            "embedding": {"type": "dense_vector", "dims": DIMENSIONS, "index": True, "similarity": "cosine"},
            "record": {"type": "keyword", "index": False, "doc_values": False},
        }
    },
}
COLLECTION = {"name": NAME, "get_or_create": True, "metadata": {"hnsw:space": "cosine"}}

TRY = """
A miss, an exact hit and a hit by meaning. Answers are kept in Redis, questions in Elasticsearch. After
`docker compose restart gateway` its memory is empty, and all three are answered from there:

{es}

The same with Chroma for the questions, for the host chroma.example:

{chroma}

httpbin, past both modules:

curl -s {gateway}/httpbin/get
"""


def call(method, url, body, headers=None, accepted=()):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})}, method=method
    )
    try:
        urllib.request.urlopen(request, timeout=10).read()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        if not any(word in text for word in accepted):
            sys.exit(f"{method} {url}: {error.code} {text}")


def wait_for(url, headers=None):
    for _ in range(120):
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=5).read()
            return
        except OSError:
            time.sleep(1)
    sys.exit(f"{url} does not answer")


def curls(gateway, host):
    questions = [QUESTION, QUESTION, "What are the steps to bake sourdough bread at home?"]
    header = f" -H 'host: {host}'" if host else ""
    for question in questions:
        body = json.dumps({"model": "smollm2-135m", "max_tokens": 60, "messages": [{"role": "user", "content": question}]})
        yield f"curl -si {gateway}/v1/chat/completions{header} -H 'content-type: application/json' -d '{body}'"


elasticsearch, chroma, gateway = (url.rstrip("/") for url in sys.argv[1:])
credential = {"authorization": "Basic " + base64.b64encode(ES_USER.encode()).decode()}

wait_for(f"{elasticsearch}/_cluster/health", credential)
call("PUT", f"{elasticsearch}/{NAME}", INDEX, credential, accepted=["resource_already_exists_exception"])
wait_for(f"{chroma}/api/v2/heartbeat")
call("POST", chroma + CHROMA, COLLECTION)
print(
    TRY.format(
        es="\n".join(curls(gateway, "")), chroma="\n".join(curls(gateway, "chroma.example")), gateway=gateway
    ),
    flush=True,
)
