"""Drives a gateway that passes requests unchanged with a vendor's own client: vendor_clients.py VENDOR URL TEXT

The gateway's upstream is the fake vendor, which this checks as well.
"""

import json
import sys

vendor, url, wanted = sys.argv[1:]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def gemini():
    from google import genai
    from google.genai import types

    client = genai.Client(api_key="client", http_options=types.HttpOptions(base_url=url))
    whole = client.models.generate_content(model="some-model", contents="hi")
    assert whole.text == wanted, whole
    assert whole.usage_metadata.total_token_count > 0, whole
    stream = client.models.generate_content_stream(model="some-model", contents="hi")
    assert "".join(piece.text or "" for piece in stream) == wanted
    tool = types.Tool(
        function_declarations=[
            types.FunctionDeclaration(name="weather", parameters_json_schema=PARAMETERS)
        ]
    )
    called = client.models.generate_content(
        model="some-model",
        contents="weather?",
        config=types.GenerateContentConfig(tools=[tool]),
    )
    [call] = called.function_calls
    assert (call.name, call.args) == ("weather", {"city": "Zürich"}), call


def cohere():
    from cohere import ClientV2

    client = ClientV2(api_key="client", base_url=url)
    ask = {"model": "some-model", "messages": [{"role": "user", "content": "hi"}]}
    whole = client.chat(**ask)
    assert whole.message.content[0].text == wanted, whole
    assert whole.usage.tokens.input_tokens > 0, whole
    text = ""
    ended = None
    for event in client.chat_stream(**ask):
        if event.type == "content-delta":
            text += event.delta.message.content.text
        if event.type == "message-end":
            ended = event.delta.finish_reason
    assert (text, ended) == (wanted, "COMPLETE"), (text, ended)
    tool = {"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}
    called = client.chat(**ask, tools=[tool])
    [call] = called.message.tool_calls
    assert json.loads(call.function.arguments) == {"city": "Zürich"}, call


def qwen():
    import dashscope

    dashscope.api_key = "client"
    dashscope.base_http_api_url = url + "/api/v1"
    ask = {
        "model": "some-model",
        "messages": [{"role": "user", "content": "hi"}],
        "result_format": "message",
    }
    whole = dashscope.Generation.call(**ask)
    assert whole.status_code == 200, whole
    assert whole.output.choices[0].message.content == wanted, whole
    assert whole.usage.total_tokens > 0, whole
    text = ""
    for piece in dashscope.Generation.call(**ask, stream=True, incremental_output=True):
        assert piece.status_code == 200, piece
        text += piece.output.choices[0].message.content
    assert text == wanted, text
    tool = {"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}
    called = dashscope.Generation.call(**ask, tools=[tool])
    [call] = called.output.choices[0].message.tool_calls
    assert json.loads(call["function"]["arguments"]) == {"city": "Zürich"}, call


{"gemini": gemini, "cohere": cohere, "qwen": qwen}[vendor]()
print("fine")
