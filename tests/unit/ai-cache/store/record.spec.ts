import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { AnswerRecord } from "../../../../assembly/ai-cache/store/record";
import { Blake2b } from "../../../../assembly/text/blake2b";
import { xxhash64 } from "../../../../assembly/text/xxhash64";

const DIGEST = Blake2b.digest(Bytes.of("k"));

const RECORD = new AnswerRecord(
  DIGEST,
  100,
  200,
  Bytes.of("question"),
  Bytes.of("m"),
  Bytes.of('{"a":1}'),
);

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
    expect(record.staleFor).toBe(-1);
    record.staleFor = 0;
    const back = AnswerRecord.decode(record.encode());
    expect(back !== null).toBe(true);
    if (back === null) return;
    expect(back.input).toBe(812);
    expect(back.cached).toBe(512);
    expect(back.output).toBe(164);
    expect(back.duration).toBe(2310);
    expect(back.staleFor).toBe(0);
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
    expect(back.staleFor).toBe(-1);
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
