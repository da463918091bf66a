import { FIRST_WITHOUT_BODY, STAGES } from "../../../../assembly/ai-proxy/pipeline/stages";
import { Part } from "../../../../assembly/ai-proxy/pipeline/stage";

/** What is there when the stages before `end` have run. */
function given(end: i32): i32 {
  let parts = 0;
  for (let i = 0; i < end; i++) parts |= STAGES[i].produces;
  return parts;
}

describe("the stages of a request", () => {
  it("come after those that give what they need", () => {
    for (let i = 0; i < STAGES.length; i++) {
      const needs = STAGES[i].needs;
      expect(given(i) & needs).toBe(needs, "stage " + i.toString());
    }
  });

  it("give each part once, and all of them", () => {
    for (let i = 0; i < STAGES.length; i++) {
      expect(given(i) & STAGES[i].produces).toBe(0, "stage " + i.toString());
      expect(STAGES[i].produces).not.toBe(0, "stage " + i.toString());
    }
    expect(given(STAGES.length)).toBe(((<i32>Part.Complete) << 1) - 1);
  });

  it("that need no body come last, so that a request without one that is read begins there", () => {
    const ofBody = Part.Checked | Part.Texts | Part.Body;
    expect(given(FIRST_WITHOUT_BODY)).toBe(ofBody);
  });
});
