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

  it("tells for how long a client takes a stale answer where there is no fresh one", () => {
    expect(CacheControl.parse(Bytes.of("")).staleTaken).toBe(-1);
    expect(CacheControl.parse(Bytes.of("max-age=60")).staleTaken).toBe(0);
    expect(CacheControl.parse(Bytes.of("min-fresh=5, max-stale")).staleTaken).toBe(0);
    expect(CacheControl.parse(Bytes.of("no-cache, max-stale=5")).staleTaken).toBe(0);
    expect(CacheControl.parse(Bytes.of("max-age=60, Max-Stale=30")).staleTaken).toBe(30);
    expect(CacheControl.parse(Bytes.of("max-stale")).staleTaken).toBe(i64.MAX_VALUE);
    expect(CacheControl.parse(Bytes.of("max-age=1, stale-if-error=90")).staleTaken).toBe(90);
    expect(CacheControl.parse(Bytes.of("max-stale=x, stale-if-error")).staleTaken).toBe(-1);
  });

  it("tells for how long an answer may be served stale in place of an error", () => {
    expect(CacheControl.parse(Bytes.of("max-age=60")).staleGranted).toBe(-1);
    expect(CacheControl.parse(Bytes.of("stale-if-error=86400")).staleGranted).toBe(86400);
    const forbids = ["must-revalidate", "Proxy-Revalidate", "no-cache", "s-maxage=5"];
    for (let i = 0; i < forbids.length; i++) {
      const control = CacheControl.parse(Bytes.of("stale-if-error=9, " + forbids[i]));
      expect(control.staleGranted).toBe(0, forbids[i]);
    }
  });
});
