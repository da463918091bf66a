import { Breaker } from "../../../assembly/service/breaker";

/** How long the first pause lasts, in ms. */
const FIRST: u64 = 1_000;

describe("a circuit breaker", () => {
  it("opens after three failures in a row, and success begins the count anew", () => {
    const breaker = new Breaker();
    expect(breaker.fail(0, false)).toBe(false);
    expect(breaker.fail(0, false)).toBe(false);
    breaker.succeed();
    expect(breaker.fail(0, false)).toBe(false);
    expect(breaker.fail(0, false)).toBe(false);
    expect(breaker.allows(0)).toBe(true);
    expect(breaker.fail(0, false)).toBe(true);
    expect(breaker.allows(FIRST - 1)).toBe(false);
  });

  it("opens at once when a failure costs a timeout", () => {
    const breaker = new Breaker();
    expect(breaker.fail(0, true)).toBe(true);
    expect(breaker.allows(0)).toBe(false);
  });

  it("lets one request try when the pause is over, and closes when that succeeds", () => {
    const breaker = new Breaker();
    breaker.fail(0, true);
    expect(breaker.allows(FIRST)).toBe(true);
    expect(breaker.allows(FIRST)).toBe(false, "while that one is on its way");
    breaker.succeed();
    expect(breaker.allows(FIRST)).toBe(true);
  });

  it("waits twice as long each time the try fails, a minute at most, and tells of it once", () => {
    const breaker = new Breaker();
    breaker.fail(0, true);
    let now: u64 = FIRST;
    let pause: u64 = FIRST;
    for (let i = 0; i < 10; i++) {
      expect(breaker.allows(now)).toBe(true);
      expect(breaker.fail(now, false)).toBe(false, "it was open before");
      pause = min(pause * 2, 60_000);
      expect(breaker.allows(now + pause - 1)).toBe(false);
      now += pause;
    }
    expect(pause).toBe(60_000);
  });

  it("does not count failures of requests that were under way when it opened", () => {
    const breaker = new Breaker();
    breaker.fail(0, true);
    expect(breaker.fail(10, true)).toBe(false);
    expect(breaker.allows(FIRST)).toBe(true);
  });
});
