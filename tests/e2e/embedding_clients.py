"""Drives the fake embedding services with the vendors' own clients: embedding_clients.py CLIENT PORT"""

import sys

client, port = sys.argv[1:]
base = f"http://127.0.0.1:{port}"

if client == "openai":
    from openai import BadRequestError, OpenAI

    service = OpenAI(base_url=f"{base}/v1", api_key="k", max_retries=0)
    # By default the client asks for base64 and decodes it.
    for wish in ({"encoding_format": "float"}, {}):
        reply = service.embeddings.create(input="hello world", model="text-embedding-3-small", **wish)
        assert len(reply.data[0].embedding) == 32, reply
        assert abs(sum(x * x for x in reply.data[0].embedding) - 1) < 1e-5
    reply = service.embeddings.create(input="hello", model="text-embedding-3-small", dimensions=16)
    assert len(reply.data[0].embedding) == 16
    try:
        service.embeddings.create(input="", model="text-embedding-3-small")
        sys.exit("an empty text was taken")
    except BadRequestError as error:
        assert "input" in str(error), error
else:
    import dashscope

    dashscope.base_http_api_url = f"{base}/api/v1"
    reply = dashscope.TextEmbedding.call(model="text-embedding-v2", input="hello world", text_type="query", api_key="k")
    assert reply.status_code == 200, reply
    assert len(reply.output["embeddings"][0]["embedding"]) == 32, reply
    reply = dashscope.TextEmbedding.call(model="text-embedding-v4", input="hello", dimension=16, api_key="k")
    assert len(reply.output["embeddings"][0]["embedding"]) == 16, reply
    reply = dashscope.TextEmbedding.call(model="no-such-model", input="hello", api_key="k")
    assert reply.status_code == 400, reply

print("ok")
