/**
 * The host layer through a probe, for what the two modules do not use yet: call-outs, pauses, late
 * answers, the end of a root context.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { BODY_CASES, isRefused, nameOf, REPLY_CASES } from "../host/body-cases.mjs";
import { EnvoyCrash, exchange, Plugin, Status, Stream } from "../host/chain.mjs";
import { expectCrash, expectLog, expectTrap } from "../host/watch.mjs";
import { CREDENTIAL, moduleCode, plugin, jsonUpstream, chatBody } from "./support.mjs";

const CODE = readFileSync(builtModule("probe"));

function probe(options = {}) {
  const filter = new Plugin("probe", CODE, {}, options);
  filter.vm.onHttpCall = (call) => (call.cluster === "service" ? Status.Ok : Status.BadArgument);
  return filter;
}

const upstream = () => {
  const seen = (request) => {
    seen.requests.push(request);
    return { chunks: ["ok"] };
  };
  seen.requests = [];
  return seen;
};

const ask = (filters, mode, up, request = { body: "body" }) =>
  exchange(filters, { ...request, headers: { "x-probe": mode } }, up);

describe("call-outs and pauses", () => {
  for (const body of ["body", null]) {
    it(`hold a request ${body ? "with" : "without"} a body until the answer comes`, () => {
      const filter = probe();
      const up = upstream();
      const stream = ask([filter, plugin("ai-cache")], "call", up, { body });
      assert.equal(up.requests.length, 0);
      const [[token, call]] = filter.vm.calls;
      assert.equal(call.body.toString(), "question");
      assert.equal(call.timeoutMs, 500);
      filter.vm.answer(token, { status: 201, body: "yes" });
      assert.equal(up.requests[0].headers.get("x-answer"), "201 yes");
      assert.equal(up.requests[0].body.toString(), body ?? "");
      assert.equal(stream.text, "ok");
      assert.equal(filter.vm.logText(3), "", "no second resume, no second owner");
    });
  }

  it("can be answered instead", () => {
    const filter = probe();
    const up = upstream();
    const stream = ask([filter], "answer", up);
    filter.vm.answer([...filter.vm.calls.keys()][0], { body: "mine" });
    assert.equal(stream.text, "200 mine");
    assert.equal(stream.details, "probe_answer");
    assert.equal(
      stream.received.headers.get("x-own-reply"),
      "1",
      "the own reply passes the own callbacks",
    );
    assert.equal(up.requests.length, 0);
    assert.equal(filter.vm.logText(3), "");
  });

  it("distinguish a failed call from an answer", () => {
    const filter = probe();
    const up = upstream();
    ask([filter], "call", up);
    filter.vm.answer([...filter.vm.calls.keys()][0], null);
    assert.equal(up.requests[0].headers.get("x-answer"), "0 ");
  });

  it("go on at once when the host refuses the call", () => {
    const filter = probe();
    const up = upstream();
    ask([filter], "no-cluster", up);
    assert.equal(up.requests[0].headers.get("x-answer"), "refused 2");
  });

  it("survive a stream that is gone", () => {
    const filter = probe();
    const up = upstream();
    const stream = ask([filter, probe()], "call", up);
    stream.abort();
    filter.vm.answer([...filter.vm.calls.keys()][0], { body: "late" });
    assert.equal(filter.vm.takeLog(), "probe: nothing to resume");
    assert.equal(up.requests.length, 0);
    assert.equal(ask([filter], "none", up, { body: null }).closed, false);
  });

  it("change a held body", () => {
    const up = upstream();
    ask([probe()], "rewrite", up);
    assert.equal(up.requests[0].body.toString(), "body!");
  });
});

describe("bodies that are held, and trailers", () => {
  const answerCall = (filter) => {
    for (const token of [...filter.vm.calls.keys()]) filter.vm.answer(token, { body: "yes" });
  };

  /** A script that writes into a text that arrives as it was was refused. */
  const expectRefusal = (one) => {
    if (isRefused(one)) expectLog(/^probe: not written$/);
  };

  for (const one of [...BODY_CASES, ...REPLY_CASES]) {
    it(`answer ${nameOf(one)}`, () => {
      expectRefusal(one);
      const filter = probe();
      const trailers = one.trailers ? { "x-end": "1" } : null;
      const stream = new Stream([filter], () => ({ chunks: one.pieces, trailers }));
      stream.sendHeaders({ ":method": "GET", ":path": "/", "x-probe-response": one.script }, true);
      answerCall(filter);
      assert.equal(stream.received.ended, true);
      assert.equal(stream.text, one.text);
      const passes = one.trailers && !REPLY_CASES.includes(one);
      assert.equal(stream.received.trailers?.get("x-end"), passes ? "1" : undefined);
    });
  }

  for (const one of BODY_CASES) {
    it(`request ${nameOf(one)}`, () => {
      expectRefusal(one);
      const filter = probe();
      const requests = [];
      const stream = new Stream([filter], (request) => {
        requests.push(request);
        return { chunks: ["ok"] };
      });
      stream.sendHeaders({ ":method": "POST", ":path": "/", "x-probe-request": one.script });
      for (const piece of one.pieces) stream.sendBody(piece);
      if (one.trailers) stream.sendTrailers({ "x-end": "1" });
      else stream.sendBody("", true);
      answerCall(filter);
      assert.equal(stream.text, "ok");
      assert.equal(requests.length, 1);
      assert.equal(requests[0].body.toString(), one.text);
      assert.equal(requests[0].trailers?.get("x-end"), one.trailers ? "1" : undefined);
    });
  }

  it("fail where the host's limit is exceeded, and only there", () => {
    const pieces = Array(20).fill("x".repeat(60_000));
    const answer = (script) => {
      const stream = new Stream([probe()], () => ({ chunks: pieces }));
      stream.sendHeaders({ ":method": "GET", ":path": "/", "x-probe-response": script }, true);
      return stream;
    };
    assert.equal(answer("1,1").received.status, 500, "return 1 keeps at most the limit");
    assert.equal(answer("1,e,w").received.status, 500, "what is written counts, too");
    assert.equal(answer("0,01").received.reset, true, "the headers have gone");
    assert.equal(answer("1,ef3,w").body.length, 1_200_002);
    assert.equal(answer("1,3,w").body.length, 1_200_002);
  });
});

describe("Redis calls of the Higress build", () => {
  const HIGRESS_CODE = readFileSync(builtModule("higress/probe"));
  const start = () => {
    const filter = new Plugin("probe", HIGRESS_CODE, {}, { higress: true });
    filter.vm.redis.add("redis");
    return filter;
  };

  it("hold a request until the reply comes, and carry user, password and command", () => {
    const filter = start();
    const up = upstream();
    ask([filter], "redis?db=2", up);
    const [[token, call]] = filter.vm.redisCalls;
    assert.equal(call.query.toString(), "*2\r\n$3\r\nget\r\n$1\r\nk\r\n");
    assert.deepEqual(filter.vm.redisClients.get("redis?db=2"), {
      user: "",
      password: "s3cret",
      timeoutMs: 500,
    });
    assert.equal(up.requests.length, 0);
    filter.vm.answerRedis(token, "+hello\r\n");
    assert.equal(up.requests[0].headers.get("x-answer"), "+hello");
    assert.equal(up.requests[0].body.toString(), "body");
  });

  it("distinguish a failed network and an unknown cluster, survive a dead stream, and keep the root open", () => {
    const filter = start();
    const up = upstream();
    ask([filter], "redis", up);
    filter.vm.answerRedis([...filter.vm.redisCalls.keys()][0], null);
    assert.equal(up.requests[0].headers.get("x-answer"), "failed");
    ask([filter], "nobody", up);
    assert.equal(up.requests[1].headers.get("x-answer"), "refused 2");
    const gone = ask([filter], "redis", up);
    gone.abort();
    filter.close();
    assert.equal(filter.root.deleted, false);
    filter.vm.answerRedis([...filter.vm.redisCalls.keys()][0], "$-1\r\n");
    assert.equal(filter.root.deleted, true);
    assert.equal(up.requests.length, 2);
  });

  it("cannot be linked by stock Envoy, and nothing of the stock builds needs them", () => {
    assert.throws(() => new Plugin("probe", HIGRESS_CODE, {}), WebAssembly.LinkError);
    for (const name of ["ai-cache", "ai-proxy"]) {
      const imports = WebAssembly.Module.imports(new WebAssembly.Module(moduleCode(name)));
      assert.ok(imports.every((entry) => !entry.name.includes("redis")));
    }
  });
});

describe("the dispatcher", () => {
  it("lets pass what it does not know", () => {
    const filter = probe();
    const call = (name, ...args) => filter.vm.call(name, 4711, ...args);
    assert.equal(call("proxy_on_request_headers", 1, 0), 0);
    assert.equal(call("proxy_on_request_body", 1, 1), 0);
    assert.equal(call("proxy_on_request_trailers", 1), 0);
    assert.equal(call("proxy_on_response_headers", 1, 0), 0);
    assert.equal(call("proxy_on_response_body", 1, 1), 0);
    assert.equal(call("proxy_on_response_trailers", 1), 0);
    assert.equal(call("proxy_on_done"), 1);
    call("proxy_on_log");
    call("proxy_on_delete");
    call("proxy_on_tick");
    call("proxy_on_http_call_response", 9, 1, 1, 0);
    assert.equal(call("proxy_on_configure", 0), 0);
    filter.vm.call("proxy_on_context_create", 5, 4711);
    filter.vm.call("proxy_on_http_call_response", filter.rootId, 99, 1, 1, 0);
  });

  it("keeps a root context until its calls are answered", () => {
    expectLog(/^probe: nothing to resume$/);
    const filter = probe();
    const stream = ask([filter], "call", upstream());
    filter.close();
    assert.equal(filter.root.deleted, false);
    stream.abort();
    filter.vm.answer([...filter.vm.calls.keys()][0], { body: "late" });
    assert.equal(filter.root.deleted, true);
    const idle = probe();
    idle.close();
    assert.equal(idle.root.deleted, true);
  });

  it("forgets streams that saw no request", () => {
    const filter = probe();
    for (let i = 0; i < 5; i++) new Stream([filter], () => null).close();
    new Stream([filter], () => null);
    assert.equal(
      filter.vm.metrics.get("probe_streams"),
      0,
      "none was alive when the last one was made",
    );
  });

  it("serves two configurations in one VM", () => {
    const first = plugin("ai-cache", { explain: true });
    const second = new Plugin(
      "ai-cache",
      moduleCode("ai-cache"),
      { statusHeader: false },
      { vm: first.vm, rootId: 2 },
    );
    const status = (filter) =>
      exchange([filter], { body: chatBody() }, jsonUpstream()).received.headers.get("cache-status");
    assert.match(status(first), /detail=/);
    assert.equal(status(second), undefined);
    assert.match(status(first), /detail=/);
  });
});

describe("the emulator bites where Envoy bites", () => {
  it("kills a VM that traps, with all its streams", () => {
    expectTrap();
    const filter = probe();
    const stream = ask([filter], "trap", upstream());
    assert.equal(stream.received.status, 503);
    assert.ok(filter.vm.failed);
  });

  it("treats a second continue as the crash that it is", () => {
    expectCrash();
    const filter = probe();
    const stream = ask([filter], "call", () => null);
    filter.vm.answer([...filter.vm.calls.keys()][0], { body: "x" });
    assert.throws(() => stream.filters[0].continue(0), EnvoyCrash);
  });

  it("lets a pause that was open at the end of the stream be ended once", () => {
    expectCrash();
    const [filter] = ask([probe()], "call", () => null).filters;
    filter.stream.abort();
    filter.continue(0);
    assert.throws(() => filter.continue(0), EnvoyCrash);
  });
});

describe("modules", () => {
  it("ignore host values that are malformed", () => {
    const filter = plugin("ai-cache");
    for (const log of ['"', "{", "\\u12", '\\"', "[]", "x".repeat(100_000)]) {
      const stream = exchange([filter], { body: chatBody() }, jsonUpstream(), {
        properties: { ai_log: log },
      });
      assert.equal(stream.received.status, 200);
      assert.equal(stream.attribute("ai_log"), log);
    }
  });
});
