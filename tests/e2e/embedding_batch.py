"""Requests embeddings with the official Python client: embedding_batch.py BASE_URL MODEL TEXTS_JSON

Writes what the client received, as JSON: cache-status, the vectors, their indices and the usage."""

import json
import sys

from openai import OpenAI

base_url, model, texts = sys.argv[1:]
client = OpenAI(base_url=base_url, api_key="sk-batch", max_retries=0)
raw = client.embeddings.with_raw_response.create(model=model, input=json.loads(texts))
answer = raw.parse()
json.dump(
    {
        "cache": raw.headers["cache-status"],
        "vectors": [item.embedding for item in answer.data],
        "numbers": [item.index for item in answer.data],
        "model": answer.model,
        "usage": answer.usage.to_dict(),
    },
    sys.stdout,
)
