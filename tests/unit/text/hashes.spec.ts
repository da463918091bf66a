import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { toHex } from "../../../assembly/text/hex";
import { Blake2b } from "../../../assembly/text/blake2b";
import { fnv1a32 } from "../../../assembly/text/fnv";
import { keyedHash, sipHash13 } from "../../../assembly/text/keyed-hash";
import { TextMap } from "../../../assembly/text/text-map";
import { xxhash64 } from "../../../assembly/text/xxhash64";

function blake2b(text: string): string {
  return toHex(Blake2b.digest(Bytes.of(text)));
}

describe("BLAKE2b-256", () => {
  it("gives the digests of Python's hashlib", () => {
    expect(blake2b("")).toBe("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    expect(blake2b("abc")).toBe("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    expect(blake2b("x".repeat(128))).toBe(
      "164ffb7089bae6f5a62fb0795e751dc9e88eac92e1a5b2fafe93a25abf2d9c3b",
    );
    expect(blake2b("x".repeat(129))).toBe(
      "03b0758fa71d249c846c2304a2b9996e6ae66ffa7e5528f9e612e089a360fc8d",
    );
    expect(blake2b("x".repeat(1000))).toBe(
      "ab75119ede14ef06ebf31f745fb655ed006cccfe8054c635308a557f7c9beaba",
    );
  });

  it("does not depend on how the message is divided", () => {
    const text = Bytes.of("x".repeat(400));
    const whole = toHex(Blake2b.digest(text));
    for (let cut = 0; cut <= text.length; cut++) {
      const hash = new Blake2b().update(text.slice(0, cut)).update(text.slice(cut)).digest();
      expect(toHex(hash)).toBe(whole);
    }
  });
});

describe("XXH64", () => {
  it("gives the digests of the reference implementation", () => {
    expect(xxhash64(Bytes.empty())).toBe(0xef46db3751d8e999);
    expect(xxhash64(Bytes.of("a"))).toBe(0xd24ec4f1a98c6e5b);
    expect(xxhash64(Bytes.of("abc"))).toBe(0x44bc2cf5ad770999);
    expect(xxhash64(Bytes.of("Nobody inspects the spammish repetition"))).toBe(0xfbcea83c8a378bf1);
  });
});

describe("FNV-1a", () => {
  it("gives the index of the Go plugin for a consumer", () => {
    expect(fnv1a32(Bytes.of("alice"))).toBe(0x872213e7);
    expect(fnv1a32(Bytes.of("bob"))).toBe(0x86c6a0d4);
    expect(fnv1a32(Bytes.of("consumer-1"))).toBe(0xd483aee7);
    expect(fnv1a32(Bytes.of("用户"))).toBe(0x1be4cbb9);
  });
});

describe("SipHash-1-3", () => {
  it("gives what a reference implementation gives", () => {
    const key0: u64 = 0x0706050403020100;
    const key1: u64 = 0x0f0e0d0c0b0a0908;
    expect(sipHash13(Bytes.of(""), key0, key1)).toBe(0xabac0158050fc4dc);
    expect(sipHash13(Bytes.of("a"), key0, key1)).toBe(0x1c2697ab786a6237);
    expect(sipHash13(Bytes.of("abcdefgh"), key0, key1)).toBe(0x12d8c08c2ee9e620);
    expect(sipHash13(Bytes.of("The quick brown fox jumps"), key0, key1)).toBe(0x2ca994928a0d2c1f);
  });

  it("depends on the key of the VM, which stays", () => {
    const text = Bytes.of("call_1");
    expect(keyedHash(text)).toBe(keyedHash(text));
    expect(keyedHash(text)).not.toBe(sipHash13(text, 0, 0));
  });
});

describe("maps by text", () => {
  it("find what was put in, last value first", () => {
    const map = new TextMap<i32>();
    for (let i = 0; i < 1000; i++) map.set(Bytes.of("key" + i.toString()), i);
    map.set(Bytes.of("key7"), -7);
    expect(map.size).toBe(1000);
    expect(map.get(Bytes.of("key7"), 0)).toBe(-7);
    expect(map.get(Bytes.of("key999"), 0)).toBe(999);
    expect(map.get(Bytes.of("key1000"), -1)).toBe(-1);
    expect(map.has(Bytes.of("key0"))).toBe(true);
    expect(map.has(Bytes.of(""))).toBe(false);
    expect(map.keys()[999].toString()).toBe("key999");
  });
});
