/** ai-cache: answers by meaning, without any service. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CACHE_BUILDS,
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  SharedData,
  streamUpstream,
} from "./support.mjs";

const RESET = "How do I reset my password?";
const PARAPHRASE = "how can I reset my password, please";

function cacheWith(configuration = {}, options = {}) {
  const cache = plugin("ai-cache", configuration, options);
  assert.ok(cache.accepted, cache.vm.logText());
  return cache;
}

/** Asks a question and gives the reason. */
function ask(
  cache,
  question,
  { members = {}, headers = {}, answer = "Open the settings.", path } = {},
) {
  const body =
    typeof question === "string" ? chatBody(question, members) : JSON.stringify(question);
  return exchange([cache], { body, headers, path }, jsonUpstream(completion(answer)));
}

const reasonOf = (...args) => ask(...args).attribute("ai_cache");

for (const build of CACHE_BUILDS) {
  describe(`ai-cache by meaning (${build})`, () => {
    it("answers a paraphrase, in English and Chinese", () => {
      const cache = cacheWith({}, { build, now: () => 1_700_000_000_000 });
      assert.equal(reasonOf(cache, RESET), "miss-cold");
      const hit = ask(cache, PARAPHRASE, { answer: "wrong" });
      assert.equal(hit.attribute("ai_cache"), "hit-semantic");
      assert.equal(hit.received.headers.get("cache-status"), "ai-cache; hit");
      assert.equal(hit.json.choices[0].message.content, "Open the settings.");
      assert.equal(hit.received.headers.get("age"), "0");
      assert.equal(reasonOf(cache, "怎样修改登陆密码？"), "miss-cold");
      assert.equal(reasonOf(cache, "如何更改登录密码？"), "hit-semantic");
    });

    it("does not answer near misses, and says why", () => {
      const cache = cacheWith({}, { build });
      ask(cache, RESET);
      ask(cache, "What happened in Rome in 2023?");
      assert.equal(reasonOf(cache, "How do I reset my PIN?"), "miss-guard-entity");
      assert.equal(
        reasonOf(cache, "How do I reset my password without email?"),
        "miss-guard-negation",
      );
      assert.equal(reasonOf(cache, "What happened in Rome in 2024?"), "miss-guard-number");
      assert.equal(reasonOf(cache, "How do I reset my router password?"), "miss-leftover");
      assert.equal(reasonOf(cache, "Which pizza is the best?"), "miss-cold");
    });

    it("keeps the text of a question up to 8 KiB, and none of a longer one", () => {
      const isKept = (configuration, question) => {
        const shared = new SharedData();
        ask(cacheWith(configuration, { build, shared }), question);
        return [...shared.values.values()].some(({ value }) => value.includes(question));
      };
      // Of a member of JSON four bytes more count.
      for (const [configuration, most] of [
        [{}, 8188],
        [{ keyMode: "text" }, 8192],
      ]) {
        assert.ok(isKept(configuration, "z".repeat(most)), `${most}`);
        assert.ok(!isKept(configuration, "z".repeat(most + 1)), `${most + 1}`);
      }
    });

    it("replays to streams as to others", () => {
      const cache = cacheWith({}, { build });
      exchange([cache], { body: chatBody(RESET) }, streamUpstream());
      const hit = exchange(
        [cache],
        { body: chatBody(PARAPHRASE, { stream: true }) },
        jsonUpstream(),
      );
      assert.equal(hit.attribute("ai_cache"), "hit-semantic");
      assert.match(hit.received.headers.get("content-type"), /event-stream/);
    });
  });
}

describe("ai-cache, hits by meaning", () => {
  it("are stored under the client's own key for the rest of the answer's life, and lead to no further hits", () => {
    let clock = 1_800_000_000_000;
    const cache = cacheWith({ cacheTTL: 100 }, { now: () => clock });
    ask(cache, RESET);
    clock += 60_000;
    assert.equal(reasonOf(cache, PARAPHRASE), "hit-semantic");
    const again = ask(cache, PARAPHRASE);
    assert.equal(again.attribute("ai_cache"), "hit-exact");
    assert.equal(again.received.headers.get("age"), "60");
    clock += 41_000;
    assert.match(reasonOf(cache, PARAPHRASE), /^miss-expired$/);
  });

  it("respect the age that the client accepts, and no-cache", () => {
    let clock = 1_800_000_000_000;
    const cache = cacheWith({}, { now: () => clock });
    ask(cache, RESET);
    clock += 60_000;
    const headers = (value) => ({ headers: { "cache-control": value } });
    assert.equal(reasonOf(cache, PARAPHRASE, headers("max-age=30")), "miss-max-age");
    assert.equal(reasonOf(cache, `${PARAPHRASE}!`, headers("max-age=90")), "hit-semantic");
    assert.equal(reasonOf(cache, `${PARAPHRASE}?`, headers("no-cache")), "bypass-no-cache");
  });

  it("come from the newest answer to a question", () => {
    const cache = cacheWith();
    ask(cache, RESET, { answer: "old" });
    ask(cache, RESET, { answer: "new", headers: { "cache-control": "no-cache" } });
    assert.equal(ask(cache, PARAPHRASE).json.choices[0].message.content, "new");
  });

  it("a refreshed answer reaches those who ask in other words", () => {
    const cache = cacheWith();
    const said = (reply) => reply.json.choices[0].message.content;
    ask(cache, RESET, { answer: "one" });
    assert.equal(said(ask(cache, PARAPHRASE)), "one");
    assert.equal(reasonOf(cache, PARAPHRASE), "hit-exact");
    ask(cache, RESET, { answer: "two", headers: { "cache-control": "no-cache" } });
    assert.equal(said(ask(cache, PARAPHRASE)), "two");
    assert.equal(said(ask(cache, RESET)), "two");
  });

  it("are found by all workers", () => {
    const shared = new SharedData();
    const first = cacheWith({}, { shared });
    const second = cacheWith({}, { shared });
    ask(first, RESET);
    assert.equal(reasonOf(second, PARAPHRASE), "hit-semantic");
  });

  it("end with the entries they came from", () => {
    const cache = cacheWith({ cache: { type: "memory", maxEntries: 3 } });
    ask(cache, RESET);
    // What is asked again takes the place of what is not.
    for (const animal of ["lions", "tigers", "bears"]) {
      ask(cache, `Where do ${animal} sleep in winter?`);
      ask(cache, `Where do ${animal} sleep in winter?`);
    }
    assert.equal(reasonOf(cache, PARAPHRASE), "miss-cold");
    assert.ok(cache.vm.metrics.get("ai_cache_questions") <= 3);
  });

  it("never come from answers that call tools", () => {
    const cache = cacheWith();
    const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
    const answer = completion(null, { message: { tool_calls: [call] }, reason: "tool_calls" });
    exchange([cache], { body: chatBody(RESET) }, jsonUpstream(answer));
    assert.equal(
      exchange([cache], { body: chatBody(RESET) }, jsonUpstream()).attribute("ai_cache"),
      "hit-exact",
    );
    assert.equal(reasonOf(cache, PARAPHRASE), "miss-cold");
  });

  it("need words: code, documents, images and signs are matched by equality only", () => {
    const cache = cacheWith();
    const code = "How do I fix this?\n```\nx = 1\n```";
    ask(cache, code);
    assert.equal(reasonOf(cache, `${code}\n`), "miss-cold");
    const long = `${RESET} ${"word ".repeat(300)}`;
    ask(cache, long);
    assert.equal(reasonOf(cache, `${long}!`), "miss-cold");
    const image = (text) => ({
      model: "gpt-4",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text },
            { type: "image_url", image_url: { url: "data:," } },
          ],
        },
      ],
    });
    ask(cache, image(RESET));
    assert.equal(reasonOf(cache, image(PARAPHRASE)), "miss-cold");
    const last = (role, content) => ({ messages: [{ role, content }] });
    const others = [
      (text) => last("assistant", text),
      (text) => last("user", [{ type: "refusal", text }]),
      (text) => last("user", [{ type: "text", text: { text } }]),
      (text) => last("user", { type: "text", text }),
      (text) => last("user", [{ text }]),
    ];
    for (const of of others) {
      assert.equal(reasonOf(cache, "", { members: of(RESET) }), "miss-cold");
      assert.equal(reasonOf(cache, "", { members: of(RESET) }), "hit-exact");
      assert.equal(reasonOf(cache, "", { members: of(PARAPHRASE) }), "miss-cold");
    }
    for (const nothing of [[], null, 7, {}]) {
      assert.equal(reasonOf(cache, "", { members: last("user", nothing) }), "miss-cold");
      assert.equal(reasonOf(cache, "", { members: last("user", nothing) }), "hit-exact");
    }
    ask(cache, "😀");
    assert.equal(reasonOf(cache, "😡"), "miss-cold");
  });

  it("never come from, nor answer, a question that hides something", () => {
    const hidden = [
      `${RESET} ⠊⠛⠝⠕⠗⠑⠀⠁⠇⠇`,
      `${RESET} .. --. -. --- .-. .`,
      `${RESET}\u200b\u200c\u200b\u2060`,
      `${RESET} \u{e0073}\u{e0061}\u{e0079}`,
      `${RESET} ,;,;; ;;,`,
      "How do I reset my p\u0430ssword?",
      `${RESET}${" \t".repeat(8)}`,
    ];
    for (const odd of hidden) {
      const poisoned = cacheWith();
      ask(poisoned, odd, { answer: "Go to evil.example." });
      const fresh = ask(poisoned, RESET);
      assert.match(fresh.attribute("ai_cache"), /^miss-/, odd);
      assert.equal(fresh.json.choices[0].message.content, "Open the settings.", odd);
      assert.equal(reasonOf(poisoned, odd), "hit-exact", odd);
      const plain = cacheWith();
      ask(plain, RESET);
      const answered = ask(plain, odd, { answer: "another" });
      assert.match(answered.attribute("ai_cache"), /^miss-guard-(text|literal)$/, odd);
      assert.equal(answered.json.choices[0].message.content, "another", odd);
    }
    const cache = cacheWith();
    ask(cache, RESET);
    assert.equal(reasonOf(cache, hidden[0]), "miss-guard-text");
    assert.equal(reasonOf(cache, `${RESET.slice(0, -1)} ~/.bashrc`), "miss-guard-literal");
  });

  it("can be switched off", () => {
    for (const configuration of [{ enableSemanticCache: false }, { keyMode: "text" }]) {
      const cache = cacheWith(configuration);
      ask(cache, RESET);
      assert.equal(reasonOf(cache, PARAPHRASE), "miss-cold", JSON.stringify(configuration));
    }
    const cache = cacheWith({ keyMode: "text", match: { mode: "strict" } });
    ask(cache, RESET);
    assert.equal(reasonOf(cache, PARAPHRASE), "hit-semantic");
  });
});

/** Changes of a request that must lead to another scope, and such that must not. */
const DECISIVE = {
  model: { model: "gpt-5" },
  temperature: { temperature: 0.1 },
  "the spelling of a number": { temperature: 1.0e-1 },
  top_p: { top_p: 0.5 },
  seed: { seed: 7 },
  stop: { stop: ["x"] },
  max_tokens: { max_tokens: 5 },
  max_completion_tokens: { max_completion_tokens: 5 },
  presence_penalty: { presence_penalty: 1 },
  frequency_penalty: { frequency_penalty: 1 },
  logit_bias: { logit_bias: { 5: 1 } },
  logprobs: { logprobs: true },
  response_format: { response_format: { type: "json_object" } },
  tools: { tools: [{ type: "function", function: { name: "f" } }] },
  tool_choice: { tool_choice: "none" },
  parallel_tool_calls: { parallel_tool_calls: false },
  reasoning_effort: { reasoning_effort: "low" },
  modalities: { modalities: ["text", "audio"] },
  audio: { audio: { voice: "a" } },
  prediction: { prediction: { type: "content", content: "x" } },
  service_tier: { service_tier: "flex" },
  store: { store: true },
  verbosity: { verbosity: "low" },
  web_search_options: { web_search_options: {} },
  "an unknown member": { x_unheard_of: null },
};
const HARMLESS = {
  stream_options: { stream_options: { include_usage: true } },
  user: { user: "somebody" },
  metadata: { metadata: { a: "b" } },
  safety_identifier: { safety_identifier: "x" },
  prompt_cache_key: { prompt_cache_key: "x" },
  prompt_cache_retention: { prompt_cache_retention: "24h" },
};

describe("ai-cache by meaning, scopes", () => {
  const seeded = (members = {}) => {
    const cache = cacheWith({ tenant: { from: "header", header: "x-tenant" } });
    // Where JSON is asked for, no other text is kept.
    const answer = '{"steps":1}';
    ask(cache, RESET, { members, answer, headers: { "x-tenant": "a" } });
    return cache;
  };
  const asked = (cache, members = {}, options = {}) =>
    reasonOf(cache, PARAPHRASE, { members, headers: { "x-tenant": "a" }, ...options });

  for (const [name, members] of Object.entries(DECISIVE)) {
    it(`are parted by ${name}`, () => {
      assert.equal(asked(seeded(), members), "miss-cold");
      assert.equal(asked(seeded(members), {}), "miss-cold");
      assert.equal(asked(seeded(members), members), "hit-semantic");
    });
  }

  for (const [name, members] of Object.entries(HARMLESS)) {
    it(`are not parted by ${name}`, () => assert.equal(asked(seeded(), members), "hit-semantic"));
  }

  it("are parted by tenant, path and every earlier turn, its role and its name", () => {
    expectLog(/^ai-cache: ineligible-no-tenant: /);
    assert.equal(asked(seeded(), {}, { headers: { "x-tenant": "b" } }), "miss-cold");
    assert.equal(asked(seeded(), {}, { headers: {} }), "ineligible-no-tenant");
    assert.equal(asked(seeded(), {}, { path: "/other/chat/completions" }), "miss-cold");
    const with_ = (turns, question) => ({
      messages: [...turns, { role: "user", content: question }],
    });
    const history = [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi there" },
      { role: "assistant", content: "Hello" },
    ];
    const cache = seeded(with_(history, RESET));
    assert.equal(asked(cache, with_(history, PARAPHRASE)), "hit-semantic");
    const others = {
      "no system prompt": history.slice(1),
      "another system prompt": [{ role: "system", content: "Be rude." }, ...history.slice(1)],
      "another role": [{ role: "developer", content: "Be kind." }, ...history.slice(1)],
      "a name": [history[0], { ...history[1], name: "x" }, history[2]],
      "another answer": [history[0], history[1], { role: "assistant", content: "Hello!" }],
      "another order": [history[0], history[2], history[1]],
    };
    for (const [name, turns] of Object.entries(others)) {
      assert.equal(asked(cache, with_(turns, `${PARAPHRASE}`)), "miss-cold", name);
    }
  });

  it("cannot be forged by separators", () => {
    const cases = [
      [
        ["a", "b"],
        ["ab", ""],
      ],
      [
        ["a\u0000b", "c"],
        ["a", "b\u0000c"],
      ],
      [
        ['x"}],"y":[{"z', ""],
        ["x", '"}],"y":[{"z'],
      ],
    ];
    for (const [first, second] of cases) {
      const members = ([system, name]) => ({
        messages: [
          { role: "system", name, content: system },
          { role: "user", content: RESET },
        ],
      });
      const cache = seeded(members(first));
      const other = members(second);
      other.messages[1].content = PARAPHRASE;
      assert.equal(asked(cache, other), "miss-cold", JSON.stringify(first));
    }
  });
});

describe("ai-cache by meaning, turns that stand alone", () => {
  const QUESTION = "How many moons does the giant planet Jupiter have?";
  const OTHER = "how many moons does the giant planet Jupiter have";
  const talk = (history, question, members = {}) => ({
    model: "gpt-4",
    messages: [
      { role: "system", content: "Be kind." },
      ...history,
      { role: "user", content: question },
    ],
    ...members,
  });
  const past = [
    { role: "user", content: "Tell me about planets" },
    { role: "assistant", content: "Gladly." },
  ];
  const standing = { match: { standalone: true } };

  it("match across histories when the operator wants it", () => {
    const cache = cacheWith(standing);
    ask(cache, talk([], QUESTION));
    assert.equal(reasonOf(cache, talk(past, OTHER)), "hit-semantic");
    const asked = cacheWith(standing);
    ask(asked, talk([], QUESTION, { user: "a" }));
    assert.equal(reasonOf(asked, talk(past, OTHER, { user: "b", stream: true })), "hit-semantic");
    const strict = cacheWith();
    ask(strict, talk([], QUESTION));
    assert.equal(reasonOf(strict, talk(past, OTHER)), "miss-cold");
  });

  it("do not when they point to what was said, or system prompt or tools differ", () => {
    const cache = cacheWith(standing);
    ask(cache, talk([], "How many moons does this giant planet have around it?"));
    assert.equal(
      reasonOf(cache, talk(past, "how many moons does this giant planet have around it")),
      "miss-history",
    );
    const other = cacheWith(standing);
    ask(other, talk([], QUESTION));
    const rude = talk(past, OTHER);
    rude.messages[0].content = "Be rude.";
    assert.equal(reasonOf(other, rude), "miss-cold");
    const tools = [{ type: "function", function: { name: "f" } }];
    assert.equal(reasonOf(other, talk(past, OTHER, { tools })), "miss-cold");
    assert.equal(reasonOf(other, talk(past, "木星有多少颗卫星")), "miss-cold");
  });
});

describe("ai-cache by meaning, shadow mode and explanations", () => {
  it("serves nothing by meaning in shadow mode, and counts whether it would have been right", () => {
    const cache = cacheWith({ match: { shadow: true }, explain: true });
    ask(cache, RESET, { answer: "Open the settings and choose reset." });
    const watched = ask(cache, PARAPHRASE, { answer: "Open the settings, then choose reset." });
    assert.equal(watched.attribute("ai_cache"), "miss-shadow");
    assert.match(
      watched.received.headers.get("cache-status"),
      /^ai-cache; fwd=miss; detail="miss-shadow entry=[0-9a-f]{16}"/,
    );
    assert.equal(watched.attribute("ai_cache_store"), "stored");
    const wrong = ask(cache, `${PARAPHRASE}!`, { answer: "It costs 7 dollars at any bank." });
    assert.equal(wrong.attribute("ai_cache"), "miss-shadow");
    const count = (agree) =>
      cache.vm.metrics.get(`ai_cache_shadow_total.similarity=.=text;.;.agree=.=${agree};.;`);
    assert.deepEqual([count("yes"), count("no")], [1, 1]);
    assert.equal(reasonOf(cache, RESET), "hit-exact");
  });

  for (const [name, stored, fresh, agree] of [
    [
      "Chinese answers that differ in a character",
      "请打开设置，选择账户，然后重置密码。",
      "请您打开设置，选择账户，然后重置密码。",
      "yes",
    ],
    [
      "a numbered list and a sentence",
      "1. Open Settings 2. Choose Account 3. Press Reset",
      "Open settings, choose account, press reset.",
      "yes",
    ],
    ["another price", "It costs 5 dollars a month.", "It costs 7 dollars a month.", "no"],
    ["a denial", "Yes, you can reset it here.", "No, you can reset it only here.", "no"],
  ]) {
    it(`knows in shadow mode whether answers agree: ${name}`, () => {
      const cache = cacheWith({ match: { shadow: true } });
      ask(cache, RESET, { answer: stored });
      assert.equal(ask(cache, PARAPHRASE, { answer: fresh }).attribute("ai_cache"), "miss-shadow");
      const counted = ["yes", "no"].map((value) =>
        cache.vm.metrics.get(`ai_cache_shadow_total.similarity=.=text;.;.agree=.=${value};.;`),
      );
      assert.deepEqual(counted, agree === "yes" ? [1, undefined] : [undefined, 1]);
    });
  }

  it("explains the candidate and its guards", () => {
    const cache = cacheWith({ explain: true });
    ask(cache, "Can I return shoes after 14 days without a receipt?");
    const refused = ask(cache, "Can I return shoes after 40 days with a receipt?");
    assert.match(
      refused.received.headers.get("cache-status"),
      /^ai-cache; fwd=miss; detail="miss-guard-number entry=[0-9a-f]{16} guards=number,negation"; key="[0-9a-f]{16}"; scope="[0-9a-f]{64}"$/,
    );
  });

  it("writes no question into its log", () => {
    const cache = cacheWith({ explain: true, match: { shadow: true } });
    ask(cache, RESET);
    ask(cache, PARAPHRASE);
    assert.doesNotMatch(cache.vm.logText(0), /reset|password/);
  });
});
