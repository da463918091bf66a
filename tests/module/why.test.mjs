/** `make why`: the parts that split two requests, found by the module itself. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectLog } from "../host/watch.mjs";
import { compareRequests, WrittenRequest } from "../../scripts/tools/requests.mjs";

const messages = [
  { role: "system", content: "Be kind." },
  { role: "user", content: "How do I reset my password?" },
];
const request = (members = {}, body = {}) => ({
  headers: { Authorization: "Bearer a", ...members.headers },
  place: members.place,
  body: { model: "m", temperature: 0, messages, ...body },
});
const compare = (a, b, configuration) => {
  const { parts, ...both } = compareRequests(a, b, configuration);
  const word = ({ splits, scope, reason }) =>
    reason || (scope ? "scope" : splits ? "question" : "harmless");
  return { ...both, parts: Object.fromEntries(parts.map((part) => [part.name, word(part)])) };
};

describe("make why", () => {
  it("names every header, place and member that parts two requests, and what does not", () => {
    const a = request(
      { headers: { "x-api-key": ["1", "2"], "user-agent": "x" }, place: { "destination.port": 1 } },
      { user: "u", stop: ["a"] },
    );
    const b = request(
      { headers: { "x-api-key": ["1", "3"], "user-agent": "y" }, place: { "destination.port": 2 } },
      {
        user: "v",
        top_p: 1,
        stop: ["b"],
        messages: [
          { role: "system", content: "Be rude." },
          { role: "user", content: "How do I reset my PIN?" },
        ],
      },
    );
    const { first, second, parts } = compare(a, b);
    assert.notEqual(first.key, second.key);
    assert.deepEqual(parts, {
      "header x-api-key": "scope",
      "header user-agent": "harmless",
      "place destination.port": "scope",
      "body.messages.0.content": "scope",
      "body.messages.1.content": "question",
      "body.stop.0": "scope",
      "body.top_p": "scope",
      "body.user": "harmless",
    });
  });

  it("finds nothing in equal requests, and one key where all is harmless", () => {
    const same = compare(request(), request());
    assert.deepEqual(same.parts, {});
    assert.notEqual(same.first.key, "");
    const { first, second, parts } = compare(request(), request({}, { stream: true }));
    assert.equal(first.key, second.key);
    assert.deepEqual(parts, { "body.stream": "harmless" });
  });

  it("says why a request has no key", () => {
    expectLog(/ineligible-no-tenant/);
    const { second, parts } = compare(request(), request({ headers: { Authorization: "" } }));
    assert.equal(second.reason, "ineligible-no-tenant");
    assert.deepEqual(parts, { "header authorization": "ineligible-no-tenant" });
  });

  it("takes ai-cache's configuration", () => {
    expectLog(/configuration refused: tenant\.from/);
    const tenant = { from: "header:x-tenant" };
    const of = (key) => request({ headers: { Authorization: key, "x-tenant": "t" } });
    const { parts } = compare(of("a"), of("b"), { tenant });
    assert.deepEqual(parts, { "header authorization": "harmless" });
    assert.throws(() => compare(of("a"), of("b"), { tenant: { from: "x" } }), /tenant\.from/);
  });

  it("refuses what it does not understand", () => {
    for (const [text, pattern] of [
      ["{", /a\.json is not JSON/],
      ["[]", /a\.json has no "body"/],
      ["null", /a\.json has no "body"/],
      ['{"body":{},"header":{}}', /a\.json has "header"; it may have headers, path/],
    ]) {
      assert.throws(() => WrittenRequest.parse(text, "a.json"), pattern);
    }
  });
});
