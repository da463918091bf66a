import { nearestName } from "../../../assembly/rules/nearest";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { ConfigReader } from "../../../assembly/rules/config-reader";
import { Diagnostics } from "../../../assembly/rules/diagnostics";
import { openConfiguration } from "../../../assembly/rules/root-document";

function open(text: string, diagnostics: Diagnostics): ConfigReader {
  const reader = openConfiguration(Bytes.of(text), diagnostics);
  return reader === null
    ? changetype<ConfigReader>(openConfiguration(Bytes.of("{}"), diagnostics))
    : reader;
}

/** Variables of a host that does not exist. */
function variables(name: string): Bytes | null {
  if (name == "KEY") return Bytes.of(" secret-1\n");
  return name == "BLANK" ? Bytes.of(" ") : null;
}

describe("reading configuration", () => {
  it("fills in the variables that it is given, and says which are missing", () => {
    const diagnostics = new Diagnostics();
    const text =
      '{"a":"${KEY}","b":"${BLANK}","c":{"d":["x","${KEY}","${OTHER}"]},"e":"${KEY} and more"}';
    const reader = openConfiguration(Bytes.of(text), diagnostics, variables);
    const root = changetype<ConfigReader>(reader);
    expect(root.text("a", "")).toBe("secret-1");
    expect(root.text("b", "usual")).toBe("usual");
    const inner = root.object("c");
    expect(inner === null ? "" : inner.texts("d").join()).toBe("x,secret-1");
    expect(root.text("e", "")).toBe("${KEY} and more");
    const errors = diagnostics.errors.join("\n");
    expect(errors.includes("b: refers to the variable BLANK")).toBe(true, errors);
    expect(errors.includes("c.d[2]: refers to the variable OTHER")).toBe(true, errors);
    expect(diagnostics.errors.length).toBe(2);
  });

  it("knows no variables unless it is given some", () => {
    const diagnostics = new Diagnostics();
    expect(open('{"a":"${KEY}"}', diagnostics).text("a", "")).toBe("");
    expect(diagnostics.errors.length).toBe(1);
  });

  it("coerces as the Go plugins do", () => {
    const diagnostics = new Diagnostics();
    const reader = open('{"s":5,"i":"7","b":"true","n":"1.5","l":["a",2]}', diagnostics);
    expect(reader.text("s", "")).toBe("5");
    expect(reader.integer("i", 0, 0, 10)).toBe(7);
    expect(reader.boolean("b", false)).toBe(true);
    expect(reader.number("n", 0)).toBe(1.5);
    expect(reader.texts("l").join("|")).toBe("a|2");
    expect(diagnostics.ok).toBe(true);
  });

  it("names every wrong value with its type and what was expected", () => {
    const diagnostics = new Diagnostics();
    const reader = open(
      '{"a":{"s":[],"i":{},"b":3,"n":true,"o":[],"l":{},"big":99,"half":1.5,"c":"x"}}',
      diagnostics,
    );
    const a = reader.object("a");
    expect(a !== null).toBe(true);
    if (a === null) return;
    expect(a.text("s", "d")).toBe("d");
    expect(a.integer("i", 4, 0, 9)).toBe(4);
    expect(a.boolean("b", true)).toBe(true);
    expect(a.number("n", 2)).toBe(2);
    expect(a.object("o") === null).toBe(true);
    expect(a.texts("l").length).toBe(0);
    expect(a.integer("big", 1, 0, 9)).toBe(1);
    expect(a.integer("half", 1, 0, 9)).toBe(1);
    expect(a.choice("c", ["p", "q"], "p")).toBe("p");
    expect(diagnostics.errors.join("\n")).toBe(
      "a.s: is an array, expected a string\na.i: is an object, expected an integer\na.b: is a number, expected true or false\na.n: is a boolean, expected a number\n" +
        "a.o: is an array, expected an object\na.l: is an object, expected a string or an array\na.big: 99 is out of range, expected 0 to 9\na.half: is a number, expected an integer\n" +
        'a.c: unknown value "x", expected one of p, q',
    );
  });

  it("finds what a misspelt key was meant to be", () => {
    const known = ["apiTokens", "type", "modelMapping", "timeout"];
    expect(nearestName("apiToken", known)).toBe("apiTokens");
    expect(nearestName("modelmapping", known)).toBe("modelMapping");
    expect(nearestName("modleMapping", known)).toBe("modelMapping");
    expect(nearestName("tpye", known)).toBe("");
    expect(nearestName("retries", known)).toBe("");
    expect(nearestName("", known)).toBe("");
    expect(nearestName("x".repeat(1000), known)).toBe("");
  });

  it("warns once about unknown keys", () => {
    const diagnostics = new Diagnostics();
    const reader = open('{"a":1,"b":2,"c":3}', diagnostics);
    reader.integer("b", 0, 0, 9);
    reader.finish();
    expect(diagnostics.warnings.join()).toBe("unknown keys a, c");
  });

  it("explains what is no configuration", () => {
    const texts = ["{", "[]", "\n\n\x04name", "3"];
    const wanted = [
      "JSON ends too early at line 1, column 2",
      "is an array, expected an object",
      "not as a Struct",
      "is a number, expected an object",
    ];
    for (let i = 0; i < texts.length; i++) {
      const diagnostics = new Diagnostics();
      expect(openConfiguration(Bytes.of(texts[i]), diagnostics) === null).toBe(true);
      expect(diagnostics.errors.join().includes(wanted[i])).toBe(true, diagnostics.errors.join());
    }
  });

  it("takes nothing at all for an empty object", () => {
    expect(openConfiguration(Bytes.of(" \n"), new Diagnostics()) !== null).toBe(true);
  });
});
