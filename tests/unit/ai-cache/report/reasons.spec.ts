import { kindOf } from "../../../../assembly/ai-cache/report/reasons";

describe("reasons", () => {
  it("have a kind", () => {
    expect(kindOf("hit-exact")).toBe("hit");
    expect(kindOf("ineligible-not-json")).toBe("ineligible");
    expect(kindOf("stored")).toBe("stored");
  });
});
