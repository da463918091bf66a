import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonDocument } from "../../../assembly/json/document";
import { hasLoneSurrogate } from "../../../assembly/json/surrogates";

function isLone(json: string): bool {
  const document = JsonDocument.parse(Bytes.of(json));
  return document !== null && hasLoneSurrogate(document);
}

describe("surrogates in escapes", () => {
  it("are lone without their other half, in values and keys", () => {
    const lone = [
      '"\\ud83d"',
      '"\\uDE00"',
      '"\\ud83dx"',
      '"\\ud83d\\ud83d\\ude00"',
      '"\\ude00\\ud83d"',
      '"\\ud83d\\u0041"',
      '["a",{"\\udbff":1}]',
      '"\\\\\\ud800"',
    ];
    for (let i = 0; i < lone.length; i++) expect(isLone(lone[i])).toBe(true, lone[i]);
  });

  it("are characters in pairs, and nothing else is one", () => {
    const whole = [
      '"\\ud83d\\ude00"',
      '"\\uD83D\\uDE00\\n"',
      '"\\\\ud83d"',
      '"\\ud7ff\\ue000"',
      '"😀"',
      "[1,null]",
    ];
    for (let i = 0; i < whole.length; i++) expect(isLone(whole[i])).toBe(false, whole[i]);
  });
});
