/** Native Anthropic requests whose model is another one than the client expects. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const SESSION = JSON.stringify({ device_id: "d".repeat(64), account_uuid: "", session_id: "s" });
const REMINDER = "<system-reminder>\nfour left\n</system-reminder>";

for (const build of BUILDS) {
  describe(`native requests (${build})`, () => {
    /** The body that reaches the vendor. `to`: the model behind the client's name; none for the same. */
    const sent = (type, to, members, more = {}) => {
      const config = { type, apiTokens: ["k"], ...(to && { modelMapping: { "*": to } }), ...more };
      const proxy = plugin("ai-proxy", { provider: config }, { build });
      const upstream = jsonUpstream();
      const body = {
        model: "mine",
        max_tokens: 32000,
        messages: [{ role: "user", content: "q" }],
        ...members,
      };
      exchange([proxy], { path: "/v1/messages", body: JSON.stringify(body) }, upstream);
      return JSON.parse(upstream.requests[0].body);
    };
    const NOTE = [
      { role: "user", content: [{ type: "text", text: "q" }] },
      { role: "system", content: "four left" },
    ];

    it("later instructions become reminders where no vendor's model has them", () => {
      for (const [type, to] of [
        ["deepseek", "deepseek-v4"],
        ["qwen", "qwen3-max"],
        ["vllm", undefined],
        ["claude", "claude-opus-4-7"],
        ["claude", "claude-3-5-haiku-20241022"],
      ]) {
        const { messages } = sent(type, to, { messages: NOTE });
        assert.deepEqual(
          messages,
          [{ role: "user", content: [...NOTE[0].content, { type: "text", text: REMINDER }] }],
          `${type} ${to}`,
        );
      }
    });

    it("stay where the model has them, and wherever the client has asked for the model itself", () => {
      for (const to of ["claude-opus-4-8", "claude-opus-5", "claude-sonnet-5-5"])
        assert.deepEqual(sent("claude", to, { messages: NOTE }).messages, NOTE, to);
      const own = { model: "claude-opus-4-6", messages: NOTE, temperature: 0.5 };
      assert.deepEqual(sent("claude", undefined, own), { max_tokens: 32000, ...own });
    });

    it("stay or become reminders as the configuration says", () => {
      const said = (type, to, systemMessages) =>
        sent(type, to, { messages: NOTE }, { modelFeatures: [{ models: "*", systemMessages }] });
      assert.deepEqual(said("vllm", undefined, "keep").messages, NOTE);
      assert.equal(said("claude", "claude-opus-5", "user").messages.length, 1);
    });

    // maximhq/bifrost#3945; Anthropic's documents on system messages in mid-conversation, limitations
    it("in front of the conversation they join the instructions beside it", () => {
      const first = (content) => ({ role: "system", content });
      const question = { role: "user", content: "q" };
      const parts = [
        { type: "text", text: 'two "2"' },
        { type: "text", text: "three" },
      ];
      for (const [type, to] of [
        ["claude", "claude-opus-5"],
        ["claude", "claude-sonnet-4-5"],
        ["deepseek", "deepseek-v4"],
        ["vllm", undefined],
      ]) {
        const said = (messages, system) => {
          const body = sent(type, to, { messages, ...(system !== undefined && { system }) });
          assert.deepEqual(body.messages, [question], `${type} ${to}`);
          return body.system;
        };
        assert.equal(said([first("one"), question]), "one");
        assert.equal(said([first("one"), first(parts), question]), 'one\n\ntwo "2"\n\nthree');
        assert.equal(said([first("one"), question], "zero"), "zero\n\none");
        assert.equal(said([first("one"), question], ""), "one");
        assert.equal(said([first("one"), question], null), "one");
        assert.deepEqual(said([first(parts), question], [{ type: "text", text: "zero" }]), [
          { type: "text", text: "zero" },
          { type: "text", text: 'two "2"\n\nthree' },
        ]);
        assert.equal(said([first(""), question]), undefined);
        assert.equal(said([first([]), question], "zero"), "zero");
      }
      const own = [first("one"), question];
      assert.deepEqual(sent("claude", undefined, { messages: own }).messages, own);
      const keep = { modelFeatures: [{ models: "*", systemMessages: "keep" }] };
      assert.deepEqual(sent("vllm", undefined, { messages: own }, keep).messages, own);
      assert.deepEqual(sent("claude", "claude-opus-5", { messages: [first("one")] }).messages, [
        first("one"),
      ]);
    });

    it("become reminders where Claude takes them, but not two in a row nor behind an answer", () => {
      const user = { role: "user", content: "q" };
      const note = (content) => ({ role: "system", content });
      const answer = { role: "assistant", content: "a" };
      const reminder = (text) => `<system-reminder>\n${text}\n</system-reminder>`;
      const at = (messages) => sent("claude", "claude-opus-5", { messages }).messages;
      assert.deepEqual(at([user, note("one"), note("two"), answer, user]), [
        { role: "user", content: `q\n\n${reminder("one")}\n\n${reminder("two")}` },
        answer,
        user,
      ]);
      assert.deepEqual(at([user, answer, note("one"), user]), [
        user,
        answer,
        { role: "user", content: reminder("one") },
        user,
      ]);
      const good = [user, note("one"), answer, user, note("two")];
      assert.deepEqual(at(good), good);
    });

    it("names of devices go to Anthropic alone", () => {
      const metadata = { user_id: SESSION };
      assert.equal(sent("deepseek", "deepseek-v4", { metadata }).metadata, undefined);
      assert.deepEqual(sent("claude", "claude-opus-5", { metadata }).metadata, metadata);
      const plain = { user_id: "alice" };
      assert.deepEqual(sent("deepseek", "deepseek-v4", { metadata: plain }).metadata, plain);
    });

    it("thinking takes the form of the model's generation", () => {
      const adaptive = {
        thinking: { type: "adaptive" },
        output_config: { effort: "xhigh" },
        context_management: { edits: [] },
      };
      const of = (to, members = adaptive) => {
        const {
          thinking,
          output_config,
          context_management: context,
        } = sent("claude", to, members);
        return [thinking, output_config, context !== undefined];
      };
      assert.deepEqual(of("claude-opus-4-7"), [...Object.values(adaptive).slice(0, 2), true]);
      assert.deepEqual(of("claude-opus-4-6"), [{ type: "adaptive" }, { effort: "high" }, true]);
      const budget = { type: "enabled", budget_tokens: 31999 };
      assert.deepEqual(of("claude-opus-4-5"), [budget, { effort: "high" }, true]);
      assert.deepEqual(of("claude-sonnet-4-5"), [budget, undefined, true]);
      assert.deepEqual(of("claude-3-5-haiku-20241022"), [undefined, undefined, false]);
      const enabled = { thinking: { type: "enabled", budget_tokens: 2000 } };
      assert.deepEqual(of("claude-opus-4-7", enabled)[0], { type: "adaptive" });
      const off = { thinking: { type: "disabled" } };
      assert.equal(of("claude-sonnet-5-5", off)[0], undefined);
      assert.deepEqual(of("claude-opus-5", off)[0], off.thinking);
    });

    it("so it does on other platforms that take Anthropic's words", () => {
      const bedrock = { awsRegion: "us-east-1" };
      for (const [type, to, more] of [
        ["vertex", "claude-sonnet-4-5", {}],
        [
          "bedrock",
          "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
          { ...bedrock, capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" } },
        ],
        [
          "bedrock",
          "anthropic.claude-sonnet-4-5",
          { ...bedrock, providerDomain: "bedrock-mantle.us-east-1.api.aws" },
        ],
      ]) {
        const body = sent(
          type,
          to,
          {
            model: "claude-opus-5",
            max_tokens: 64000,
            messages: [
              ...NOTE,
              { role: "assistant", content: [{ type: "thinking", thinking: "t", signature: "" }] },
              { role: "user", content: "and?" },
            ],
            thinking: { type: "adaptive" },
            output_config: { effort: "high" },
          },
          more,
        );
        assert.deepEqual(
          [body.thinking, body.output_config, body.messages.map(({ role }) => role)],
          [{ type: "enabled", budget_tokens: 63999 }, undefined, ["user", "assistant", "user"]],
          type,
        );
        assert.deepEqual(body.messages[1].content, [{ type: "text", text: "..." }], type);
      }
    });

    it("a budget stays within a limit that has become the model's", () => {
      const thinking = { type: "enabled", budget_tokens: 40_000, display: "omitted" };
      const body = sent("claude", "claude-opus-4-1", { thinking, max_tokens: 64_000 });
      assert.deepEqual(
        [body.max_tokens, body.thinking],
        [32_000, { ...thinking, budget_tokens: 31_999 }],
      );
    });

    it("a budget is not asked for where the last turn has lost its thoughts", () => {
      const messages = [
        { role: "user", content: "q" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "r" }] },
      ];
      const thinking = { type: "adaptive" };
      assert.equal(sent("claude", "claude-sonnet-4-5", { messages, thinking }).thinking, undefined);
      assert.deepEqual(
        sent("claude", "claude-opus-4-7", { messages, thinking }).thinking,
        thinking,
      );
      const budget = { type: "enabled", budget_tokens: 1229 };
      const of = (to) => sent("claude", to, { messages, thinking: budget }).thinking;
      assert.equal(of("claude-sonnet-4-5"), undefined);
      // Anthropic's document on adaptive thinking: former turns need no thoughts in front
      for (const to of ["claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-7"])
        assert.deepEqual(of(to), thinking, to);
      const whole = [{ role: "user", content: "q" }];
      const { thinking: kept } = sent("claude", "claude-sonnet-4-5", {
        messages: whole,
        thinking: budget,
      });
      assert.deepEqual(kept, budget);
    });

    it("sampling goes where the model refuses it, limits are the model's", () => {
      const members = { temperature: 0.5, top_p: 0.9, max_tokens: 200_000 };
      const newest = sent("claude", "claude-opus-5", members);
      assert.deepEqual(
        [newest.temperature, newest.top_p, newest.max_tokens],
        [undefined, undefined, 128_000],
      );
      const forced = { tool_choice: { type: "tool", name: "f" } };
      assert.equal(sent("claude", "claude-sonnet-5-5", forced).tool_choice, undefined);
      assert.deepEqual(sent("claude", "claude-opus-4-6", forced).tool_choice, forced.tool_choice);
      const old = sent("claude", "claude-sonnet-4-5", members);
      assert.deepEqual([old.temperature, old.top_p, old.max_tokens], [0.5, 0.9, 64_000]);
    });
  });
}
