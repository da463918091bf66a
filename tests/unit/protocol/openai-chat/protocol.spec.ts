import { NEUTRAL } from "../../../../assembly/protocol/registry";

describe("errors", () => {
  it("have the client's form", () => {
    expect(NEUTRAL.errorBody(429, "slow_down", 'a "b"').toString()).toBe(
      '{"error":{"message":"a \\"b\\"","type":"rate_limit_exceeded","param":null,"code":"slow_down"}}',
    );
  });
});
