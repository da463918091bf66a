/** Which paths reach a vendor with the operator's key, and in which form; for every type. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allowLogInFile, chatBody, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";
import { ask, proxyOf, TYPES } from "./types.mjs";

allowLogInFile(
  /^path \S+ is not an API of provider \S+ and refused: allowedPaths allows further paths/,
);

const CHAT = "/v1/chat/completions";
const pathOf = (request) => request?.headers.get(":path");
const post = (path, body = chatBody("hi", { model: "gpt-4" })) => ({ path, body });
const get = (path, method = "GET") => ({ method, path, body: null });

/** Types whose server the operator has chosen, by what was configured here. */
const CHOSEN = ["azure", "generic", "ollama", "vllm"];
/** Types that get the client's path. */
const UNTOUCHED = ["coze", "generic"];

/** A chat's path, written in other ways. */
const SAME = [
  "/v1/chat/completions/",
  "//v1/chat/completions",
  "/v1//chat///completions//",
  "/v1/chat%2fcompletions",
  "/v1%2Fchat/completions",
  "/v1/./chat/completions",
  "/v1/x/../chat/completions",
  "/v1/%2e%2E/v1/chat/completions",
  "/%76%31/chat/c%6Fmpletions",
  "/team/v1/chat/completions/.",
];
/** What only administrators do. */
const ADMINISTRATION = [
  "/v1/organization/users/u1",
  "/v1/organization/admin_api_keys",
  "/organization/costs",
  "/v1/Organizations/x",
  "/admin",
  "/v1/%61dmin/x",
  "/v1//admin/",
  "/v1/files/../organization/users",
];
/** Paths that servers read in different ways. */
const AMBIGUOUS = [
  "/v1/%",
  "/v1/%2",
  "/v1/%zz",
  "/v1/a%00b",
  "/v1/a%0d%0ab",
  "/v1/files/a%2f..%2f..",
  "/v1/x%2f..%2forganization/users",
  "/v1/files/..%5c..%5cx",
  "/v1/files/..;/x",
  "/v1/models/%2e%2e%2fx",
];

describe("paths of every type", () => {
  for (const type of TYPES) {
    it(`${type}: a chat is one however its path is written`, () => {
      const proxy = proxyOf(type, { modelMapping: { "*": "mapped" } });
      const wanted = ask(proxy, post(CHAT));
      if (type === "kling") return assert.equal(wanted.stream.received.status, 404);
      assert.equal(wanted.stream.received.status === 404, false);
      for (const path of SAME) {
        const { sent } = ask(proxy, post(path));
        if (!UNTOUCHED.includes(type)) assert.equal(pathOf(sent), pathOf(wanted.sent), path);
        else assert.match(pathOf(sent), /\/v1(\/|%2F)chat(\/|%2F)completions/i, path);
        assert.equal(sent.body.toString(), wanted.sent.body.toString(), path);
      }
    });

    it(`${type}: a path of no known API passes only where the operator chose the server`, () => {
      const proxy = proxyOf(type);
      for (const path of ["/v1/Chat/completions", "/v1/private/thing", "/metrics", "/v1"]) {
        const { sent, stream } = ask(proxy, get(path, "DELETE"));
        if (CHOSEN.includes(type) && type !== "azure") {
          assert.equal(pathOf(sent), path);
          continue;
        }
        assert.equal(sent, undefined, path);
        assert.equal(stream.received.status, 404);
        assert.equal(stream.json.error.code, "unsupported_api");
      }
      if (type === "azure") {
        const native = "/openai/fine_tuning/jobs?api-version=1";
        assert.equal(pathOf(ask(proxy, get(native)).sent), native);
      }
    });

    it(`${type}: administration and what is ambiguous never pass`, () => {
      const proxy = proxyOf(type);
      const own = proxyOf(type, { protocol: "original" });
      for (const path of ADMINISTRATION) {
        for (const one of [proxy, own]) {
          const { sent, stream } = ask(one, get(path));
          assert.equal(sent, undefined, path);
          assert.equal(stream.received.status, 404, path);
        }
      }
      for (const path of AMBIGUOUS) {
        for (const one of [proxy, own]) {
          const { sent, stream } = ask(one, get(path));
          assert.equal(sent, undefined, path);
          assert.equal(stream.received.status, 400, path);
          assert.equal(stream.json.error.code, "invalid_path");
        }
      }
      const allowed = proxyOf(type, { allowedPaths: ["/v1/organization"] });
      const { sent } = ask(allowed, get("/v1/organization/costs?a=b"));
      assert.match(pathOf(sent), /\/v1\/organization\/costs\?a=b$/);
      assert.equal(ask(allowed, get("/v1/organizations")).sent, undefined, "a segment's border");
      assert.equal(ask(allowed, get("/v1/private/thing")).sent, undefined, "nothing else");
    });

    it(`${type}: what asks the gateway is answered here`, () => {
      const proxy = proxyOf(type);
      for (const request of [get(CHAT, "OPTIONS"), get("/"), get("//"), get("/", "HEAD")]) {
        const { sent, stream } = ask(proxy, request);
        if (UNTOUCHED.includes(type)) {
          if (type === "generic") assert.ok(sent);
          continue;
        }
        assert.equal(sent, undefined);
        assert.equal(stream.received.status, request.method === "OPTIONS" ? 204 : 200);
      }
    });

    it(`${type}: no model's name leads to another place`, () => {
      for (const model of HOSTILE) {
        const wanted = ask(proxyOf(type), post(CHAT, chatBody("hi", { model: "MODEL" })));
        if (type === "kling") continue;
        const { sent, stream } = ask(proxyOf(type), post(CHAT, chatBody("hi", { model })));
        if (!pathOf(wanted.sent).includes("MODEL")) {
          assert.equal(pathOf(sent), pathOf(wanted.sent), model);
          continue;
        }
        if (LEADS_AWAY.includes(model)) {
          assert.equal(sent, undefined, model);
          assert.equal(stream.received.status, 400);
          assert.equal(stream.json.error.code, "unsupported_request");
          continue;
        }
        const segment = encodeURIComponent(model).replace(
          /[!'()*]/g,
          (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
        );
        const usual = pathOf(wanted.sent).replace("MODEL", segment);
        assert.equal(pathOf(sent), type === "vertex" ? usual.replaceAll("%40", "@") : usual, model);
      }
    });
  }
});

/** Names that are one segment when they are escaped. */
const ONE_SEGMENT = [
  "../../v1beta/files?x=%".replace("../../", "a..b/"),
  "x%2f..%2f",
  "a?b",
  "a#b",
  "%2e%2e",
  "x/y",
  "other:countTokens?%",
  "a%",
  "a&key=b",
  "ab..",
  "模型",
  "a@b",
];
const LEADS_AWAY = [
  "../../v1beta/files?x=%",
  "..",
  ".",
  "a/../b",
  "a/.",
  "..\\x",
  "..;x",
  "a\u0000b",
  "a\r\nb",
];
const HOSTILE = [...ONE_SEGMENT, ...LEADS_AWAY];

describe("paths", () => {
  const target = (members, path, type = "openai") =>
    pathOf(ask(proxyOf(type, members), get(path)).sent);

  it("all of OpenAI's reach OpenAI, its administration does not", () => {
    const proxy = proxyOf("openai");
    for (const path of OPENAI_PATHS) {
      assert.equal(pathOf(ask(proxy, get(`/team/v1${path}`)).sent), `/v1${path}`);
    }
    for (const path of ["/organization/users", "/projects/p/roles", "/dashboard/billing"]) {
      assert.equal(ask(proxy, get(`/v1${path}`)).sent, undefined, path);
    }
  });

  it("identifiers stay one segment", () => {
    assert.equal(target({}, "/v1/files/a%3Fb%23c%25d"), "/v1/files/a%3Fb%23c%25d");
    assert.equal(target({}, "/v1/files/v1/content"), "/v1/files/v1/content");
    assert.equal(target({}, "/v1/threads/v1/messages/m"), "/v1/threads/v1/messages/m");
    assert.equal(target({}, "/v1/files/a%2Fb"), undefined, "two segments are no file");
    assert.equal(
      target({ capabilities: { "openai/v1/retrievefile": "/f/{file_id}" } }, "/v1/files/a%3Fb"),
      "/f/a%3Fb",
    );
    assert.equal(target({}, "/v1/videos/a%3Fb", "kling"), "/v1/videos/text2video/a%3Fb");
    assert.equal(target({}, "/x/v1/videos/image2video/t1", "kling"), "/v1/videos/image2video/t1");
  });

  it("Alibaba's own APIs reach it as they are, and nothing beside them", () => {
    for (const path of [
      "/api/v1/services/aigc/x",
      "/api/v1/tasks/t1",
      "/api/v1/apps/a/completion",
    ]) {
      assert.equal(target({}, path, "qwen"), path);
      assert.equal(target({}, path, "deepseek"), undefined);
    }
    for (const path of ["/api/v1/keys", "/api/v1/tasks", "/api/v2/tasks/t1"]) {
      assert.equal(target({}, path, "qwen"), undefined, path);
    }
  });

  it("below the configured base pass, others do not", () => {
    const based = { openaiCustomUrl: "h:8000/api/v1" };
    assert.equal(target(based, "/api/v1/tokenize?a=b"), "/api/v1/tokenize?a=b");
    assert.equal(target(based, "/v1/tokenize?a=b"), "/api/v1/tokenize?a=b");
    assert.equal(target(based, "/metrics"), undefined);
    assert.equal(target({ ...based, allowedPaths: ["/metrics"] }, "/metrics"), "/metrics");
    expectLog(/openaiCustomUrl: has no path/);
    assert.equal(target({ openaiCustomUrl: "h:8000" }, "/metrics"), "/metrics");
    assert.equal(target({}, "/v1/a%2Fb/c%3fd/", "vllm"), "/v1/a%2Fb/c%3fd/", "as it was written");
  });

  it("what a base path stands before is judged without it, where it is taken away", () => {
    const team = { basePath: "/team", allowedPaths: ["/v1/x"] };
    const removed = { ...team, basePathHandling: "removePrefix" };
    for (const path of ["/team/v1/x", "/team/v1/x/y", "/v1/x"]) {
      assert.ok(target(removed, path, "deepseek"), path);
    }
    for (const path of ["/teams/v1/x", "/team/v1/xy", "/team", "/v1/team/x"]) {
      assert.equal(target(removed, path, "deepseek"), undefined, path);
    }
    const kept = { ...team, basePathHandling: "prepend" };
    assert.equal(target(kept, "/team/v1/x", "deepseek"), undefined);
    assert.ok(target(kept, "/v1/x", "deepseek"));
  });

  it("with protocol original all but administration passes", () => {
    const original = { protocol: "original" };
    assert.equal(target(original, "/any/thing", "deepseek"), "/any/thing");
    assert.equal(target(original, "/v1/organization/users", "deepseek"), undefined);
    assert.equal(target({}, "/any/thing", "deepseek"), undefined);
  });

  it("a full address takes every request for what it is", () => {
    const proxy = proxyOf("openai", {
      openaiCustomUrl: "h/v1/chat/completions",
      modelMapping: { "*": "mapped" },
      customSettings: [{ name: "temperature", value: 0 }],
    });
    for (const path of [CHAT, "/v1/embeddings", "/v1/any/thing", "/v1/%", "/admin"]) {
      const { sent } = ask(proxy, post(path));
      assert.equal(pathOf(sent), CHAT);
      assert.equal(JSON.parse(sent.body).model, "mapped", path);
      assert.equal(JSON.parse(sent.body).temperature, 0, path);
    }
  });

  it("errors are in the client's protocol", () => {
    const headers = { "anthropic-version": "2023-06-01" };
    const { stream } = ask(proxyOf("openai"), { ...get("/v1/unknown"), headers });
    assert.equal(stream.json.type, "error");
    assert.equal(stream.json.error.type, "not_found_error");
    const batches = ask(proxyOf("openai"), get("/v1/messages/batches")).stream;
    assert.equal(batches.json.type, "error");
  });

  it("only POST makes a chat of a message or a response", () => {
    const OTHERS = [
      ["deepseek", "/v1/responses"],
      ["claude", "/v1/responses"],
      ["openai", "/v1/messages"],
      ["groq", "/v1/messages"],
    ];
    for (const [type, path] of OTHERS) {
      const { sent, stream } = ask(proxyOf(type), get(path));
      assert.equal(sent, undefined, path);
      assert.equal(stream.received.status, 405, `${type} ${path}`);
      assert.equal(stream.received.headers.get("allow"), "POST");
    }
    const { sent, stream } = ask(proxyOf("deepseek"), get("/v1/responses/count_tokens"));
    assert.equal(sent, undefined);
    assert.equal(stream.received.status, 404);
  });

  it("a WebSocket for answers is sent back to HTTP, in a way on which Codex goes on at once", () => {
    for (const type of ["deepseek", "openai"]) {
      const headers = { upgrade: "websocket", connection: "Upgrade" };
      const { sent, stream } = ask(proxyOf(type), { ...get("/v1/responses"), headers });
      assert.equal(sent, undefined);
      assert.equal(stream.received.status, 426, type);
      assert.equal(stream.received.headers.get("upgrade"), "HTTP/1.1");
      assert.equal(stream.json.error.code, "unsupported_api");
    }
  });

  it("Google's own name the model that is mapped", () => {
    const mapping = { modelMapping: { mine: "gemini-2.5-pro", "*": "any" } };
    const upstream = (type, members, path) => target({ ...members }, path, type);
    assert.equal(
      upstream("gemini", mapping, "/v1beta/models/mine:generateContent"),
      "/v1beta/models/gemini-2.5-pro:generateContent",
    );
    assert.equal(
      upstream(
        "gemini",
        { modelMapping: { "*": "models/gemini-2.5-pro" } },
        "/v1beta/models/mine:generateContent",
      ),
      "/v1beta/models/gemini-2.5-pro:generateContent",
      "its collection stands once",
    );
    assert.equal(
      upstream("gemini", mapping, "/v1/models/x%2Fy:countTokens"),
      undefined,
      "no model is two segments",
    );
    assert.match(
      upstream(
        "vertex",
        mapping,
        "/v1/publishers/google/models/mine:streamGenerateContent?alt=sse",
      ),
      /^\/v1\/publishers\/google\/models\/gemini-2\.5-pro:streamGenerateContent\?alt=sse/,
    );
    assert.equal(upstream("gemini", {}, "/v1beta/cachedContents"), undefined);
    const unknown = post("/v1beta/models/m:predictLongRunning", "{}");
    assert.equal(ask(proxyOf("gemini"), unknown).sent, undefined);
  });

  it("a configured model may be written in escapes, a client's not", () => {
    const arn = "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Aapplication-inference-profile%2Fabc";
    const proxy = proxyOf("bedrock", { modelMapping: { mine: arn } });
    assert.equal(
      pathOf(ask(proxy, post(CHAT, chatBody("q", { model: "mine" }))).sent),
      `/model/${arn}/converse`,
    );
    assert.equal(
      pathOf(ask(proxy, post(CHAT, chatBody("q", { model: arn }))).sent),
      `/model/${encodeURIComponent(arn)}/converse`,
    );
  });

  it("one warning a minute names a refused path, cut and without its query", () => {
    let now = 1_700_000_000_000;
    const proxy = plugin(
      "ai-proxy",
      { provider: { type: "openai", apiTokens: ["key-1"] } },
      { now: () => now },
    );
    const refuse = (path) => exchange([proxy], get(path), jsonUpstream());
    refuse("/v1/secret-path?token=abc");
    refuse("/v1/other");
    const first = proxy.vm.logText(3);
    assert.match(first, /path \/v1\/secret-path is not an API of provider openai/);
    assert.doesNotMatch(first, /token|other/);
    now += 60_000;
    refuse(`/v1/${"x".repeat(4000)}`);
    assert.match(proxy.vm.logText(3), /path \/v1\/x{124} is not an API/);
  });
});

const OPENAI_PATHS = [
  "/chat/completions/c1",
  "/chat/completions/c1/messages",
  "/uploads",
  "/uploads/u1/parts",
  "/uploads/u1/complete",
  "/uploads/u1/cancel",
  "/vector_stores",
  "/vector_stores/v1",
  "/vector_stores/vs/search",
  "/vector_stores/vs/files",
  "/vector_stores/vs/files/f",
  "/vector_stores/vs/files/f/content",
  "/vector_stores/vs/file_batches",
  "/vector_stores/vs/file_batches/b",
  "/vector_stores/vs/file_batches/b/cancel",
  "/vector_stores/vs/file_batches/b/files",
  "/assistants",
  "/assistants/a",
  "/threads",
  "/threads/runs",
  "/threads/t",
  "/threads/t/messages",
  "/threads/t/messages/m",
  "/threads/t/runs",
  "/threads/t/runs/r",
  "/threads/t/runs/r/cancel",
  "/threads/t/runs/r/submit_tool_outputs",
  "/threads/t/runs/r/steps",
  "/threads/t/runs/r/steps/s",
  "/responses",
  "/responses/r",
  "/responses/r/cancel",
  "/responses/r/input_items",
  "/responses/compact",
  "/responses/input_tokens",
  "/conversations/c",
  "/conversations/c/items",
  "/conversations/c/items/i",
  "/containers",
  "/containers/c",
  "/containers/c/files",
  "/containers/c/files/f",
  "/containers/c/files/f/content",
  "/evals/e/runs/r/output_items/o",
  "/fine_tuning/alpha/graders/run",
  "/fine_tuning/jobs/j/events",
  "/realtime",
  "/realtime/client_secrets",
  "/realtime/calls/c/hangup",
  "/chatkit/sessions",
  "/skills/s/versions/v/content",
  "/videos",
  "/videos/v",
  "/videos/v/content",
  "/videos/v/remix",
  "/videos/edits",
  "/audio/speech",
  "/audio/transcriptions",
  "/audio/translations",
  "/audio/voices",
  "/images/generations",
  "/images/edits",
  "/images/variations",
  "/moderations",
  "/models",
  "/models/ft:gpt-4o:org::id",
  "/batches",
  "/batches/b/cancel",
  "/files/f/content",
];
