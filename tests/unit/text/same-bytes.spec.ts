import { sameBytes } from "../../../assembly/text/same-bytes";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";

describe("sameBytes", () => {
  it("tells equal secrets from others", () => {
    expect(sameBytes(Bytes.of("secret"), Bytes.of("secret"))).toBe(true);
    expect(sameBytes(Bytes.of("secret"), Bytes.of("secreT"))).toBe(false);
    expect(sameBytes(Bytes.of("secret"), Bytes.of("secret1"))).toBe(false);
    expect(sameBytes(Bytes.empty(), Bytes.empty())).toBe(true);
  });
});
