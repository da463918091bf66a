"""Drives the gateway with the official Python client: openai_client.py BASE_URL MODEL"""

import sys

from openai import BadRequestError, OpenAI

base_url, model = sys.argv[1:]
client = OpenAI(base_url=base_url, api_key="sk-python", max_retries=0)
ask = {
    "model": model,
    "temperature": 0,
    "max_tokens": 60,
    "messages": [{"role": "user", "content": "What is 2+2?"}],
}


def cache_status(response):
    return response.headers["cache-status"]


raw = client.chat.completions.with_raw_response.create(**ask)
first = raw.parse()
assert "fwd=miss" in cache_status(raw), cache_status(raw)

raw = client.chat.completions.with_raw_response.create(**ask)
assert "hit" in cache_status(raw), cache_status(raw)
assert raw.parse() == first

text = ""
usage = None
for chunk in client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}):
    for choice in chunk.choices:
        text += choice.delta.content or ""
    usage = chunk.usage or usage
assert text == first.choices[0].message.content, text
assert usage.total_tokens == first.usage.total_tokens, usage

try:
    client.chat.completions.create(model=5, messages=[])
except BadRequestError as error:
    assert error.code == "invalid_json", error.code
else:
    raise AssertionError("a bad request was accepted")

print("all good")
