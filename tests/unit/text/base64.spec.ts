import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { decodeBase64, encodeBase64 } from "../../../assembly/text/base64";
import { toHex } from "../../../assembly/text/hex";

function decoded(text: string): string {
  const bytes = decodeBase64(Bytes.of(text));
  return bytes === null ? "none" : bytes.toString();
}

describe("base64", () => {
  test("has the vectors of RFC 4648", () => {
    const plain = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
    const coded = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
    for (let i = 0; i < plain.length; i++) {
      expect(encodeBase64(Bytes.of(plain[i])).toString()).toBe(coded[i]);
      expect(decoded(coded[i])).toBe(plain[i]);
    }
  });

  test("is read without padding and in the URL alphabet, and refused otherwise", () => {
    expect(decoded("Zm8")).toBe("fo");
    expect(toHex(changetype<Bytes>(decodeBase64(Bytes.of("-_8="))))).toBe("fbff");
    expect(decoded("Z")).toBe("none");
    expect(decoded("Zm9v!")).toBe("none");
    expect(decoded("Zm=9")).toBe("none");
  });
});
