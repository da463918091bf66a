import { nearestName } from "../../../assembly/rules/nearest";

const KNOWN: string[] = ["apiTokens", "timeout", "type", "provider"];

describe("hints for misspelt names", () => {
  it("find the nearest one, whatever its case", () => {
    expect(nearestName("apiToken", KNOWN)).toBe("apiTokens");
    expect(nearestName("APITOKENS", KNOWN)).toBe("apiTokens");
    expect(nearestName("tpye", KNOWN)).toBe("");
    expect(nearestName("typ", KNOWN)).toBe("type");
    expect(nearestName("timeuot", KNOWN)).toBe("timeout");
  });

  it("are not given for other names, nor for long ones", () => {
    expect(nearestName("model", KNOWN)).toBe("");
    expect(nearestName("x".repeat(65), ["x".repeat(65)])).toBe("");
    expect(nearestName("", KNOWN)).toBe("");
  });
});
