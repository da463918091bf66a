import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { AnswerRecord } from "../../../assembly/ai-cache/store/record";
import {
  DEFAULT_TEMPLATE,
  fillTemplate,
  hasPlaceholder,
} from "../../../assembly/ai-cache/store/template";
import { NO_FINGERPRINT } from "../../../assembly/fingerprint/mark";
import { KeyDraft } from "../../../assembly/ai-cache/key/cache-key";
import { kindOf } from "../../../assembly/ai-cache/report/reasons";
import { NEUTRAL } from "../../../assembly/protocol/registry";
import { JsonDocument } from "../../../assembly/json/document";
import { Blake2b } from "../../../assembly/text/blake2b";
import { xxhash64 } from "../../../assembly/text/xxhash64";
import { toHex } from "../../../assembly/text/hex";

const DIGEST = Blake2b.digest(Bytes.of("k"));
const RECORD = new AnswerRecord(
  DIGEST,
  100,
  200,
  Bytes.of("question"),
  Bytes.of("m"),
  Bytes.of('{"a":1}'),
);

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

describe("records", () => {
  it("come back as they were", () => {
    const back = AnswerRecord.decode(RECORD.encode());
    expect(back !== null).toBe(true);
    if (back === null) return;
    expect(back.digest.equals(DIGEST)).toBe(true);
    expect(back.question.toString()).toBe("question");
    expect(back.model.toString()).toBe("m");
    expect(back.answer.toString()).toBe('{"a":1}');
    expect(back.isExpired(199)).toBe(false);
    expect(back.isExpired(200)).toBe(true);
    expect(back.age(150)).toBe(50);
    expect(back.age(50)).toBe(0, "a clock that went back");
  });

  it("say what they took, and how likely they are stale", () => {
    const record = new AnswerRecord(DIGEST, 100, 200, Bytes.of("q"), Bytes.of("m"), Bytes.of("{}"));
    record.input = 812;
    record.cached = 512;
    record.output = 164;
    record.duration = 2310;
    record.staleness = 40_000;
    record.profile = Bytes.of("seen");
    const back = AnswerRecord.decode(record.encode());
    expect(back !== null).toBe(true);
    if (back === null) return;
    expect(back.input).toBe(812);
    expect(back.cached).toBe(512);
    expect(back.output).toBe(164);
    expect(back.duration).toBe(2310);
    expect(back.profile.toString()).toBe("seen");
    expect(back.staleRisk(100)).toBe(0);
    expect(back.staleRisk(150)).toBe(0.04, "the mean over its life");
    expect(back.staleRisk(5000)).toBe(1);
  });

  it("of the first layout are read, and say nothing of it", () => {
    const bytes = RECORD.encode();
    const first = Bytes.wrap(new ArrayBuffer(bytes.length - 28));
    memory.copy(first.pointer, bytes.pointer, 64);
    memory.copy(first.pointer + 64, bytes.pointer + 88, <usize>(first.length - 64));
    store<u8>(first.pointer + 3, 0x31);
    store<u64>(first.pointer + 8, xxhash64(first.slice(16)));
    const back = AnswerRecord.decode(first);
    expect(back !== null).toBe(true);
    if (back === null) return;
    expect(back.answer.toString()).toBe('{"a":1}');
    expect(back.hasUsage).toBe(false);
    expect(back.staleRisk(199)).toBe(0);
  });

  it("are refused when cut, longer or with any byte changed", () => {
    const bytes = RECORD.encode();
    for (let i = 0; i < bytes.length; i++)
      expect(AnswerRecord.decode(bytes.slice(0, i)) === null).toBe(true);
    for (let i = 0; i < bytes.length; i++) {
      const copy = bytes.copy();
      store<u8>(copy.pointer + i, copy.at(i) ^ 0x10);
      expect(AnswerRecord.decode(copy) === null).toBe(true, "byte " + i.toString());
    }
  });
});

describe("templates", () => {
  it("are filled as JSON", () => {
    expect(
      fillTemplate(
        Bytes.of('{"c":"%s","p":"100%%","q":"5% x","r":"%s"}'),
        Bytes.of('a"b\n'),
      ).toString(),
    ).toBe('{"c":"a\\"b\\n","p":"100%","q":"5% x","r":"a\\"b\\n"}');
    expect(fillTemplate(Bytes.of("%"), Bytes.of("x")).toString()).toBe("%");
    expect(fillTemplate(Bytes.of("%s"), Bytes.of("%s")).toString()).toBe("%s");
  });

  it("gives the Go plugin's reply byte for byte", () => {
    expect(fillTemplate(Bytes.of(DEFAULT_TEMPLATE), Bytes.of("Hi")).toString()).toBe(
      '{"id":"from-cache","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}',
    );
  });

  it("knows whether there is a place for the answer", () => {
    expect(hasPlaceholder(Bytes.of("a%s"))).toBe(true);
    expect(hasPlaceholder(Bytes.of("a%%s"))).toBe(false);
    expect(hasPlaceholder(Bytes.of("%"))).toBe(false);
  });
});

describe("reasons", () => {
  it("have a kind", () => {
    expect(kindOf("hit-exact")).toBe("hit");
    expect(kindOf("ineligible-not-json")).toBe("ineligible");
    expect(kindOf("stored")).toBe("stored");
  });
});
