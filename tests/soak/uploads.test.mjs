/** Large uploads at the same time: the VM stays far from the 1 GiB at which Envoy ends it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import { chatBody, CREDENTIAL, jsonUpstream, plugin } from "../module/support.mjs";

const MIB = 1 << 20;
const PIECE = 1 << 16;
const VM_LIMIT = 640 * MIB;

const provider = { type: "openai", apiTokens: ["t"], modelMapping: { "*": "x" } };
const CASES = [
  ["ai-proxy", { provider }, 90 * MIB, 4],
  ["ai-cache", { maxRequestBytes: 100 * MIB }, 90 * MIB, 4],
  ["ai-cache", {}, 15 * MIB, 20],
];

describe("uploads in parallel", () => {
  for (const [name, configuration, size, count] of CASES) {
    it(`${name}: ${count} of ${size / MIB} MiB`, () => {
      const filter = plugin(name, configuration);
      const body = Buffer.from(chatBody("x".repeat(size)));
      const headers = {
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "gateway.example",
        "content-type": "application/json",
        "content-length": String(body.length),
        ...CREDENTIAL,
      };
      const streams = Array.from({ length: count }, () =>
        new Stream([filter], jsonUpstream()).sendHeaders(headers),
      );
      for (let at = 0; at < body.length; at += PIECE) {
        for (const stream of streams)
          if (!stream.closed) stream.sendBody(body.subarray(at, at + PIECE));
      }
      for (const stream of streams) if (!stream.closed) stream.sendBody("", true);
      const statuses = streams.map((stream) => stream.received.status);
      assert.ok(
        statuses.every((status) => status === 200 || status === 503),
        statuses.join(),
      );
      assert.ok(statuses.includes(200));
      assert.ok(filter.vm.memoryBytes < VM_LIMIT, `${filter.vm.memoryBytes / MIB} MiB`);
      const after = new Stream([filter], jsonUpstream()).sendHeaders({
        ...headers,
        "content-length": "61",
      });
      after.sendBody(chatBody("hi"), true);
      assert.equal(after.received.status, 200, "the budget was given back");
    });
  }
});
