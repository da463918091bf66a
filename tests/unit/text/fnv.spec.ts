import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { fnv1a32 } from "../../../assembly/text/fnv";

describe("FNV-1a", () => {
  it("gives the index of the Go plugin for a consumer", () => {
    expect(fnv1a32(Bytes.of("alice"))).toBe(0x872213e7);
    expect(fnv1a32(Bytes.of("bob"))).toBe(0x86c6a0d4);
    expect(fnv1a32(Bytes.of("consumer-1"))).toBe(0xd483aee7);
    expect(fnv1a32(Bytes.of("用户"))).toBe(0x1be4cbb9);
  });
});
