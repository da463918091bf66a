import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { NO_FINGERPRINT } from "../../../../assembly/fingerprint/mark";
import { KeyDraft } from "../../../../assembly/ai-cache/key/cache-key";
import { NEUTRAL } from "../../../../assembly/protocol/registry";
import { JsonDocument } from "../../../../assembly/json/document";
import { toHex } from "../../../../assembly/text/hex";

function keyOf(body: string, scope: string = "s"): string {
  const request = NEUTRAL.readRequest(Bytes.of(body), new JsonDocument(), Bytes.empty());
  if (request === null) return "no request";
  const draft = KeyDraft.of(request, Bytes.of(scope), false);
  return draft === null ? "no key" : toHex(draft.at(NO_FINGERPRINT).digest);
}

function chat(members: string, content: string = '"hi"'): string {
  return (
    '{"model":"m",' +
    members +
    '"messages":[{"role":"system","content":"s"},{"role":"user","content":' +
    content +
    "}]}"
  );
}

describe("keys", () => {
  it("does not change with what is harmless", () => {
    const key = keyOf(chat(""));
    expect(keyOf(chat('"stream":true,'))).toBe(key);
    expect(keyOf(chat('"stream":true,"stream_options":{"include_usage":true},'))).toBe(key);
    expect(
      keyOf(
        chat('"user":"u","metadata":{"a":"b"},"safety_identifier":"x","prompt_cache_key":"k",'),
      ),
    ).toBe(key);
    expect(
      keyOf(
        '{ "messages" : [ {"content":"s","role":"system"}, {"content":"h\\u0069","role":"user"} ], "model":"m" }',
      ),
    ).toBe(key);
  });

  it("changes with everything that decides the answer", () => {
    const keys = [
      keyOf(chat("")),
      keyOf(chat("", '"ho"')),
      keyOf(chat("", '"hi "')),
      keyOf(chat("", '[{"type":"text","text":"hi"}]')),
      keyOf(chat("", '[{"type":"text","text":"h"},{"type":"text","text":"i"}]')),
      keyOf(chat("", '[{"type":"text","text":"hi"},{"type":"text","text":""}]')),
      keyOf(chat('"temperature":0,')),
      keyOf(chat('"temperature":0.0,')),
      keyOf(chat('"top_p":1,')),
      keyOf(chat('"seed":1,')),
      keyOf(chat('"tools":[],')),
      keyOf(chat('"tool_choice":"none",')),
      keyOf(chat('"response_format":{"type":"json_object"},')),
      keyOf(chat('"max_tokens":5,')),
      keyOf(chat('"stop":"x",')),
      keyOf(chat('"stop":["x"],')),
      keyOf(chat('"reasoning_effort":"low",')),
      keyOf(chat('"logit_bias":{"1":2},')),
      keyOf(chat('"never_heard_of":1,')),
      keyOf(chat('"store":true,')),
      keyOf(chat('"service_tier":"flex",')),
      keyOf(chat(""), "t"),
      keyOf(chat("").replace('"m"', '"n"')),
      keyOf(chat("").replace('"s"', '"t"')),
      keyOf(chat("").replace('"system"', '"developer"')),
      keyOf('{"model":"m","messages":[{"role":"user","content":"hi"}]}'),
      keyOf(
        '{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","name":"x","content":"hi"}]}',
      ),
      keyOf(
        '{"model":"m","messages":[{"role":"system","content":"s"},{"role":"assistant","content":"hi"}]}',
      ),
    ];
    for (let i = 0; i < keys.length; i++) {
      expect(keys[i].length).toBe(64);
      for (let j = 0; j < i; j++)
        expect(keys[i] == keys[j]).toBe(false, i.toString() + " and " + j.toString());
    }
  });

  it("cannot be forged by moving text between fields", () => {
    const one = keyOf(
      '{"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":"b\\"},{\\"c"}]}',
    );
    const two = keyOf(
      '{"model":"m","messages":[{"role":"system","content":"a\\"},{\\"b"},{"role":"user","content":"c"}]}',
    );
    expect(one == two).toBe(false);
    expect(keyOf(chat(""), "ab") == keyOf(chat(""), "a")).toBe(false);
  });

  it("does not exist when a key is repeated", () => {
    expect(keyOf(chat('"model":"n",'))).toBe("no key");
    expect(keyOf(chat('"tools":[{"a":1,"a":2}],'))).toBe("no key");
  });
});
