import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { CacheControl } from "../../../assembly/http/cache-control";

describe("Cache-Control", () => {
  it("reads what it knows and ignores the rest", () => {
    const control = CacheControl.parse(
      Bytes.of(' No-Cache , max-age="60",foo=bar, only-if-cached,,private'),
    );
    expect(control.noCache).toBe(true);
    expect(control.noStore).toBe(false);
    expect(control.onlyIfCached).toBe(true);
    expect(control.isPrivate).toBe(true);
    expect(control.maxAge).toBe(60);
    expect(CacheControl.parse(Bytes.of("max-age=x,no-store")).maxAge).toBe(-1);
    expect(CacheControl.parse(Bytes.of("max-age=x,no-store")).noStore).toBe(true);
  });
});
