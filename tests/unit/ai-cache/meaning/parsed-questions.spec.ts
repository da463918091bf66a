import { ParsedQuestions } from "../../../../assembly/ai-cache/meaning/parsed-questions";
import { parseQuestion } from "../../../../assembly/match/matcher";
import { Bytes } from "../../../../assembly/proxy-wasm/bytes";

function parse(text: string): ArrayBuffer {
  const block = parseQuestion(Bytes.of(text));
  return block === null ? new ArrayBuffer(0) : block;
}

describe("parsed questions", () => {
  it("are returned again for the same text, and forgotten for others", () => {
    const parsed = new ParsedQuestions();
    const first = parse("how do I reset my password");
    parsed.remember(Bytes.of("how do I reset my password"), first);
    expect(parsed.of(Bytes.of("how do I reset my password")) === first).toBe(true);
    const other = parsed.of(Bytes.of("how do I reset my passwords"));
    expect(other !== null && other !== first).toBe(true);
    for (let i = 0; i < 8; i++) {
      const text = "what is the capital of country " + i.toString();
      parsed.remember(Bytes.of(text), parse(text));
    }
    const again = parsed.of(Bytes.of("how do I reset my password"));
    expect(again !== null && again !== first).toBe(true);
    expect(parsed.of(Bytes.of("```")) === null).toBe(true);
  });
});
