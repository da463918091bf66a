import { placeholderFault, variableName } from "../../../assembly/rules/placeholders";

describe("credentials", () => {
  it("are none while a variable or a placeholder is in their place", () => {
    const none = [
      "${KEY}",
      "Bearer ${KEY}",
      "$API_KEY",
      "os.environ/KEY",
      "{{ key }}",
      "<your key>",
      "[key]",
      " $K ",
    ];
    for (let i = 0; i < none.length; i++)
      expect(placeholderFault(none[i]).length > 0).toBe(true, none[i]);
  });

  it("may contain the same signs", () => {
    const keys = [
      "",
      "sk-1",
      "$",
      "$1",
      "$pass",
      "a$B",
      "<a",
      "a]",
      "$2a$10$N9qo8uLOickgx2ZMRZoMye",
    ];
    for (let i = 0; i < keys.length; i++) expect(placeholderFault(keys[i])).toBe("", keys[i]);
  });
});

describe("variables", () => {
  it("have a name if they are the whole value", () => {
    expect(variableName(" ${OPENAI_KEY_2} ")).toBe("OPENAI_KEY_2");
    expect(variableName("${key}")).toBe("key");
    expect(variableName("a${KEY}")).toBe("");
    expect(variableName("${}")).toBe("");
    expect(variableName("${1A}")).toBe("");
    expect(variableName("${A B}")).toBe("");
  });
});
