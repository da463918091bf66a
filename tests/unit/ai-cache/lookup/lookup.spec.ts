import { Outcome, OutcomeKind } from "../../../../assembly/ai-cache/lookup/outcome";
import { NEUTRAL } from "../../../../assembly/protocol/registry";
import { CacheControl } from "../../../../assembly/http/cache-control";

describe("an outcome of a look-up that found nothing", () => {
  test("passes, unless the client wants no answer of the model", () => {
    const directives = new CacheControl();
    const passes = Outcome.missed("miss-cold", directives, NEUTRAL);
    expect(passes.kind).toBe(OutcomeKind.Passes);
    expect(passes.reply === null).toBe(true);
    directives.onlyIfCached = true;
    directives.noCache = true;
    const refused = Outcome.missed("miss-cold", directives, NEUTRAL);
    expect(refused.kind).toBe(OutcomeKind.Refused);
    expect(refused.reason).toBe("bypass-no-cache");
    expect(refused.reply !== null).toBe(true);
  });
});
