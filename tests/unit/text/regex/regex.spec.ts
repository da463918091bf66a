import { Regex } from "../../../../assembly/text/regex/regex";

function replaced(pattern: string, text: string, template: string): string {
  const regex = Regex.compile(pattern).regex;
  return regex === null ? "invalid" : regex.replaceAll(text, template);
}

describe("regular expressions", () => {
  it("replace like Go's ReplaceAllString", () => {
    expect(replaced("gpt-(.*)", "gpt-4o", "azure-$1")).toBe("azure-4o");
    expect(replaced("(?P<a>a+)b", "aab b", "<${a}>$$")).toBe("<aa>$ b");
    expect(replaced("a|ab", "ab", "x")).toBe("xb");
    expect(replaced("a*?", "aa", "-")).toBe("-a-a-");
    expect(replaced("(?i)[x-z]\\d", "X1 y2 ä3", "#")).toBe("# # ä3");
  });

  it("are refused with a reason", () => {
    const wrong = [
      "(",
      "a)",
      "*",
      "[z-a]",
      "a{2,1}",
      "\\p{L}",
      "(?=a)",
      "[[:alpha:]]",
      "a".repeat(1001),
    ];
    for (let i = 0; i < wrong.length; i++) {
      const compiled = Regex.compile(wrong[i]);
      expect(compiled.regex === null).toBe(true, wrong[i]);
      expect(compiled.error.length > 0).toBe(true, wrong[i]);
    }
  });

  it("take linear time where backtracking takes forever", () => {
    const regex = Regex.compile("(a*)*b").regex!;
    expect(regex.matches("a".repeat(5000))).toBe(false);
  });
});
