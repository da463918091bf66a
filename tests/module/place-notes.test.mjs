/**
 * What is known of a place: seen by one plugin, believed for as long as it can be true, and kept in pages of
 * shared data that hold a few places each.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { integer } from "../host/chain.mjs";
import { BUILDS, chatBody, completion, exchange, jsonUpstream, plugin } from "./support.mjs";
import { Gateway, OPENAI, PLACE } from "./place-gateway.mjs";

const mapped = (name, members = {}) => ({
  provider: { ...OPENAI, modelMapping: { "*": name }, ...members },
});
const SECOND = { "xds.route_name": "second" };
const PAGES = "ai-cache places";
/** Bytes that a page has for one place. */
const ENTRY = 16 + 16 + 8 + 8 + 8;

for (const build of BUILDS) {
  describe(`what is known of a place (${build})`, () => {
    /** A gateway with plugins of one name, each configured after the other. */
    const gatewayOf = (...names) => {
      const gateway = new Gateway(build, { provider: null });
      // Another plugin, so that no fingerprint holds everywhere.
      gateway.add(mapped("elsewhere"), "another");
      let connection = 0;
      const chains = names.map((name) => {
        gateway.add(typeof name === "string" ? mapped(name) : name);
        return gateway.plugins;
      });
      const ask = (chain, { at, question = "hi", model = "x" } = {}) => {
        connection = at ?? connection + 1;
        const place = { ...SECOND, "connection.id": integer(connection) };
        const upstream = jsonUpstream(completion(model));
        return gateway.ask({ plugins: chains[chain], place, question, upstream });
      };
      return { gateway, ask };
    };

    it("by a plugin that may be on its way out: believed for ten seconds, however often it is seen", () => {
      const { ask } = gatewayOf("old", "new");
      assert.equal(ask(0).reason, "miss-place");
      Gateway.pass(5);
      assert.equal(ask(0).reason, "hit-exact");
      // A question that is not stored is a sighting, too.
      ask(0, { question: "other" });
      Gateway.pass(4);
      assert.equal(ask(0).reason, "hit-exact");
      Gateway.pass(1);
      assert.equal(ask(0).reason, "miss-place");
      assert.equal(ask(0).reason, "hit-exact", "seen again in its last second");
      Gateway.pass(10);
      // Then whoever is seen next is believed, also on a connection from before.
      ask(1, { at: 1, model: "new" });
      assert.match(ask(1).text, /new/);
    });

    it("by one that stays: for good, also after one with the same fingerprint on its way out", () => {
      const key = { apiTokens: ["sk-2"] };
      for (const order of [
        [0, 1],
        [1, 0],
      ]) {
        const { ask } = gatewayOf(mapped("same"), mapped("same", key));
        for (const chain of order) ask(chain, { question: `seen by ${chain}` });
        Gateway.pass(60);
        assert.equal(ask(1, { question: "seen by 0" }).reason, "hit-exact", String(order));
      }
    });

    it("by one that was replaced a quarter of an hour ago: for good, since it has plainly stayed", () => {
      for (const [seconds, reason] of [
        [899, "miss-place"],
        [900, "hit-exact"],
      ]) {
        const { ask } = gatewayOf("old", "new");
        Gateway.pass(seconds);
        ask(0);
        Gateway.pass(60);
        assert.equal(ask(0).reason, reason, `${seconds} s`);
      }
    });

    it("stays when another worker starts with the same configuration", () => {
      const { gateway, ask } = gatewayOf("only");
      ask(0);
      gateway.add(mapped("only"));
      gateway.add(mapped("elsewhere"), "another");
      assert.equal(ask(0).reason, "hit-exact");
    });

    it("is forgotten when the configuration changes, whoever else writes at that moment", () => {
      const { gateway, ask } = gatewayOf("old");
      const [, old] = gateway.plugins;
      const { values } = gateway.shared;
      /** Does something while other workers write between each of three reads and the write behind it. */
      const amongOthers = (change) => {
        let looks = 0;
        values.get = (key) => {
          const entry = Map.prototype.get.call(values, key);
          // A write looks, too: at what was read before it.
          const isLate = entry && key.includes("registry") && looks++ % 2 === 0 && looks < 6;
          return isLate ? { ...entry, cas: entry.cas + 1000 } : entry;
        };
        change();
        delete values.get;
        assert.equal(looks, 8, "three writes come too late, the fourth does not");
      };
      ask(0);
      amongOthers(() => gateway.add(mapped("old", { providerDomain: "other.example" })));
      assert.equal(gateway.ask({ place: SECOND }).reason, "miss-place");
      assert.equal(gateway.ask({ place: SECOND }).reason, "hit-exact");
      amongOthers(() => old.close());
      assert.equal(gateway.ask({ place: SECOND }).reason, "miss-place");
    });

    it("by two on their way out: the one on the later connection counts", () => {
      const { ask } = gatewayOf("first", "second", "third");
      ask(1, { at: 5, model: "second" });
      ask(0, { at: 3, question: "other" });
      assert.match(ask(1, { at: 5, model: "wrong" }).text, /second/);
      ask(0, { at: 6, question: "third" });
      assert.equal(ask(1, { at: 6 }).reason, "miss-cold");
    });

    it("by a request from before the configuration changed: nothing", () => {
      const { gateway } = gatewayOf();
      gateway.add(mapped("old"));
      const properties = { ...PLACE, ...SECOND };
      const slow = exchange(gateway.plugins, { body: chatBody("slow") }, () => null, {
        properties,
      });
      gateway.add(mapped("new"));
      gateway.ask({ place: SECOND });
      slow.respond(jsonUpstream()({}));
      assert.equal(gateway.ask({ place: SECOND }).reason, "hit-exact");
    });

    it("by an answer that did not come from behind ai-proxy: nothing about ai-proxy", () => {
      const { gateway, ask } = gatewayOf("only");
      gateway.ask({ plugins: [gateway.cache], place: SECOND, question: "other" });
      assert.equal(ask(0).reason, "miss-cold");
      assert.equal(ask(0).reason, "hit-exact");
      gateway.ask({ plugins: [gateway.cache], place: SECOND, question: "third" });
      assert.equal(ask(0).reason, "hit-exact");
    });

    it("stands on a page with others, of which eight have room: the one seen last first", () => {
      const { gateway, ask } = gatewayOf("only");
      ask(0);
      const pages = [...gateway.shared.values].filter(([key]) => key.includes(PAGES));
      assert.equal(pages.length, 1);
      const [[key, { value: own }]] = pages;
      assert.equal(own.length, ENTRY);
      const others = Array.from({ length: 9 }, (_, i) => Buffer.alloc(ENTRY, i + 1));
      const page = (entries) => {
        gateway.shared.values.get(key).value = Buffer.concat(entries);
      };
      const entries = () => {
        const { value } = gateway.shared.values.get(key);
        return Array.from({ length: value.length / ENTRY }, (_, i) =>
          value.subarray(i * ENTRY, (i + 1) * ENTRY),
        );
      };
      for (const before of [7, 1, 0]) {
        page([...others.slice(0, before), own]);
        assert.equal(ask(0).reason, "hit-exact", `behind ${before}`);
      }
      for (const [before, kept] of [
        [[], []],
        [others.slice(0, 3), others.slice(0, 3)],
        [others, others.slice(0, 7)],
      ]) {
        page(before);
        assert.equal(ask(0).reason, "miss-place", "it is not on the page");
        assert.deepEqual(entries().slice(1), kept);
        assert.deepEqual(entries()[0].subarray(0, 40), own.subarray(0, 40));
        assert.equal(ask(0).reason, "hit-exact");
      }
      // Seen anew it is there once.
      page([others[0], own, others[1]]);
      gateway.add(mapped("changed"));
      assert.equal(gateway.ask({ place: SECOND }).reason, "miss-place");
      assert.deepEqual(entries().slice(1), [others[0], others[1]]);
      page([Buffer.alloc(ENTRY - 1), ...others]);
      assert.equal(gateway.ask({ place: SECOND }).reason, "miss-place", "garbage is nothing");
    });
  });

  describe(`a question that is stored (${build})`, () => {
    it("is reported to be elsewhere when it is, and only then", () => {
      const gateway = new Gateway(build);
      assert.equal(gateway.ask().elsewhere, undefined);
      const again = gateway.ask({ headers: { "cache-control": "no-cache" } });
      assert.equal(again.stored, "stored");
      assert.equal(again.elsewhere, undefined, "its own scope is nowhere else");
      assert.equal(gateway.ask({ place: SECOND, question: "other" }).elsewhere, undefined);
      assert.equal(gateway.ask({ place: SECOND }).elsewhere, "elsewhere");
    });
  });

  describe(`plugins of one VM (${build})`, () => {
    it("are noted each under its own name", () => {
      const first = plugin("ai-proxy", mapped("one"), { build, pluginName: "first" });
      const { vm } = first;
      plugin("ai-proxy", mapped("two"), { build, vm, rootId: 2, pluginName: "second" });
      const noted = [...vm.shared.values.keys()].filter((key) => key.includes("ai-proxy plugin 1"));
      assert.equal(noted.length, 2);
    });
  });
}
