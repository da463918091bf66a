import { sameBytes } from "../../../assembly/text/same-bytes";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { formatHttpDate } from "../../../assembly/http/date";
import { formEncode } from "../../../assembly/http/url";
import { decodeBase64, encodeBase64 } from "../../../assembly/text/base64";
import { parseFloatAt } from "../../../assembly/text/float";
import { fromHex, toHex } from "../../../assembly/text/hex";
import { hmacSha256 } from "../../../assembly/text/hmac";
import { Sha256 } from "../../../assembly/text/sha256";

function decoded(text: string): string {
  const bytes = decodeBase64(Bytes.of(text));
  return bytes === null ? "none" : bytes.toString();
}

function parsed(text: string): f64 {
  const bytes = Bytes.of(text);
  return parseFloatAt(bytes.pointer, bytes.length);
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

describe("SHA-256 and HMAC", () => {
  test("have the vectors of FIPS 180-4 and RFC 4231", () => {
    expect(toHex(Sha256.digest(Bytes.of("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(toHex(hmacSha256(Bytes.of("Jefe"), Bytes.of("what do ya want for nothing?")))).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    const long = Bytes.of("a".repeat(131));
    const message = Bytes.of("Test Using Larger Than Block-Size Key - Hash Key First");
    expect(toHex(hmacSha256(long, message)).length).toBe(64);
  });
});

describe("numbers of vectors", () => {
  test("are read to the last digits", () => {
    expect(parsed("0")).toBe(0);
    expect(parsed("-0.0125")).toBe(-0.0125);
    expect(parsed("1e3")).toBe(1000);
    expect(parsed("1.5E-3")).toBe(0.0015);
    expect(parsed("12345678901234567890123")).toBeGreaterThan(1.2e22);
    expect(Math.abs(parsed("0.023478912345678901234567") - 0.023478912345678901)).toBeLessThan(
      1e-17,
    );
    expect(parsed("1e-400")).toBe(0);
    expect(parsed("1e400")).toBe(Infinity);
    expect(parsed("0.00000000000000000000000000000001")).toBeGreaterThan(0);
  });

  test("are nothing else", () => {
    const texts = ["", "-", "x", "1x", "1e", "1e+", "1.2.3", "--1", "1e5x"];
    for (let i = 0; i < texts.length; i++) expect(isNaN(parsed(texts[i]))).toBe(true, texts[i]);
  });
});

describe("dates and forms", () => {
  test("are written as HTTP has them", () => {
    expect(formatHttpDate(784111777)).toBe("Sun, 06 Nov 1994 08:49:37 GMT");
    expect(formatHttpDate(0)).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
    expect(formatHttpDate(951827696)).toBe("Tue, 29 Feb 2000 12:34:56 GMT");
    expect(formatHttpDate(4107542399)).toBe("Sun, 28 Feb 2100 23:59:59 GMT");
    expect(formEncode("a b+c=/é")).toBe("a+b%2Bc%3D%2F%C3%A9");
  });
});

describe("fromHex", () => {
  it("reads digits of either case, and nothing else", () => {
    const bytes = fromHex(Bytes.of("00fF7a"));
    expect(bytes !== null && toHex(bytes) == "00ff7a").toBe(true);
    expect(fromHex(Bytes.of("")) !== null).toBe(true);
    expect(fromHex(Bytes.of("0")) === null).toBe(true);
    expect(fromHex(Bytes.of("0g")) === null).toBe(true);
    expect(fromHex(Bytes.of("@0")) === null).toBe(true);
  });
});

describe("sameBytes", () => {
  it("tells equal secrets from others", () => {
    expect(sameBytes(Bytes.of("secret"), Bytes.of("secret"))).toBe(true);
    expect(sameBytes(Bytes.of("secret"), Bytes.of("secreT"))).toBe(false);
    expect(sameBytes(Bytes.of("secret"), Bytes.of("secret1"))).toBe(false);
    expect(sameBytes(Bytes.empty(), Bytes.empty())).toBe(true);
  });
});
