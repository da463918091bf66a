/** The filters of `examples/` in the emulator. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Plugin, Status, exchange } from "../host/chain.mjs";
import { completionEvents, jsonUpstream, moduleCode, streamUpstream } from "./support.mjs";

const example = (name, configuration = "") =>
  new Plugin(name, moduleCode(`examples/${name}`), configuration);

const fieldsOf = (headers, name) =>
  headers.fields.filter(([key]) => key === name).map(([, value]) => value);

describe("examples/set-header", () => {
  it("sets the header of its configuration, in place of a client's own", () => {
    const upstream = jsonUpstream();
    const filter = example("set-header", "x-team: blue:green");
    exchange([filter], { headers: { "x-team": "red" }, body: "{}" }, upstream);
    assert.deepEqual(fieldsOf(upstream.requests[0].headers, "x-team"), ["blue:green"]);
  });

  for (const configuration of ["", "x-team", ": blue"]) {
    it(`refuses the configuration ${JSON.stringify(configuration)}`, () => {
      const filter = example("set-header", configuration);
      assert.equal(filter.accepted, false);
      assert.match(filter.vm.takeLog(), /must be "name: value"/);
    });
  }
});

describe("examples/authorize", () => {
  const asked = (answer, { body = null, accepts = true } = {}) => {
    const filter = example("authorize", "guard\n");
    filter.vm.onHttpCall = () => (accepts ? Status.Ok : Status.BadArgument);
    const upstream = jsonUpstream();
    const headers = { authorization: "Bearer me" };
    const stream = exchange([filter], { path: "/a", headers, body }, upstream);
    const [entry] = filter.vm.calls;
    if (!entry) return { stream, upstream };
    const [token, call] = entry;
    assert.equal(upstream.requests.length, 0, "nothing moves on before the answer");
    filter.vm.answer(token, answer);
    return { stream, upstream, call };
  };

  for (const body of [null, "text"]) {
    it(`lets a request ${body ? "with" : "without"} a body go on that the service permits`, () => {
      const { stream, upstream, call } = asked({ status: 200 }, { body });
      assert.equal(call.cluster, "guard");
      assert.equal(call.headers.get(":path"), "/a");
      assert.equal(call.headers.get("authorization"), "Bearer me");
      assert.equal(upstream.requests[0].body.toString(), body ?? "");
      assert.equal(stream.received.status, 200);
    });
  }

  const refusals = [
    ["a refusal", { status: 401 }, 403, "authorize_denied"],
    ["a fault of the service", { status: 500 }, 503, "authorize_unreachable"],
    ["no answer", null, 503, "authorize_unreachable"],
  ];
  for (const [name, answer, status, details] of refusals) {
    it(`answers ${status} to ${name}`, () => {
      const { stream, upstream } = asked(answer);
      assert.deepEqual([stream.received.status, stream.details], [status, details]);
      assert.equal(upstream.requests.length, 0);
    });
  }

  it("answers 503 when the cluster is unknown", () => {
    const { stream, upstream } = asked(null, { accepts: false });
    assert.deepEqual([stream.received.status, upstream.requests.length], [503, 0]);
  });
});

describe("examples/count-events", () => {
  it("counts the events of a stream in any pieces and leaves every byte as it is", () => {
    const events = completionEvents(["a", "b", "c"]);
    const text = events.join("");
    for (const size of [1, 7, text.length]) {
      const filter = example("count-events");
      const pieces = [];
      for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
      const stream = exchange([filter], { body: "{}" }, streamUpstream(pieces));
      assert.equal(stream.text, text);
      assert.equal(stream.attribute("events"), String(events.length));
      assert.equal(filter.vm.metrics.get("count_events_total"), events.length);
    }
  });

  it("leaves other answers alone", () => {
    const filter = example("count-events");
    const stream = exchange([filter], { body: "{}" }, jsonUpstream("data: x\n\n"));
    assert.equal(stream.attribute("events"), undefined);
  });
});
