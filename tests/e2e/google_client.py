"""Drives a gateway with Google's own Python library, whatever vendor is behind it: google_client.py URL TEXT

In both modes of the library: for the Gemini API and for Vertex AI.
"""

import sys

from google import genai
from google.genai import errors, types

url, wanted = sys.argv[1:]
MODEL = "some-model"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
OPTIONS = types.HttpOptions(base_url=url)


def weather(city: str) -> str:
    """The weather of a city."""
    asked.append(city)
    return "sunny"


asked = []
for client in (
    genai.Client(api_key="client", http_options=OPTIONS),
    genai.Client(vertexai=True, api_key="client", http_options=OPTIONS),
):
    whole = client.models.generate_content(model=MODEL, contents="hi")
    assert whole.text == wanted, whole
    assert whole.candidates[0].finish_reason == types.FinishReason.STOP, whole
    assert whole.usage_metadata.total_token_count > 0, whole
    pieces = list(client.models.generate_content_stream(model=MODEL, contents="hi"))
    assert "".join(piece.text or "" for piece in pieces) == wanted, pieces
    assert pieces[-1].usage_metadata.total_token_count > 0, pieces

    # The library calls the function itself and sends the result back.
    settings = types.GenerateContentConfig(tools=[weather], system_instruction="be brief")
    asked.clear()
    answer = client.models.generate_content(model=MODEL, contents="weather?", config=settings)
    assert asked == ["Zürich"], asked
    assert "sunny" in answer.text, answer
    asked.clear()
    chat = client.chats.create(model=MODEL, config=settings)
    text = "".join(piece.text or "" for piece in chat.send_message_stream("weather?"))
    assert asked == ["Zürich"] and "sunny" in text, (asked, text)

    image = types.Part.from_bytes(data=b"\x89PNG", mime_type="image/png")
    seen = client.models.generate_content(model=MODEL, contents=["look", image])
    assert seen.text == wanted, seen
    as_json = types.GenerateContentConfig(
        response_mime_type="application/json",
        response_json_schema=SCHEMA,
        temperature=0,
        max_output_tokens=50,
        stop_sequences=["X"],
        thinking_config=types.ThinkingConfig(include_thoughts=True),
    )
    assert client.models.generate_content(model=MODEL, contents="hi", config=as_json).text == wanted

    try:
        client.models.generate_content(model="refused", contents=[])
        raise AssertionError("an empty request is refused")
    except (errors.ClientError, ValueError) as error:
        assert isinstance(error, ValueError) or error.code == 400, error
print("fine")
