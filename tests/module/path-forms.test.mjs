/** The path that goes upstream, for each way in which a client, or a configuration, writes it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allowLogInFile, chatBody } from "./support.mjs";
import { ask, proxyOf } from "./types.mjs";

allowLogInFile(
  /^path \S+ is not an API of provider \S+ and refused: allowedPaths allows further paths/,
  /openaiCustomUrl: has no path/,
);

const started = new Map();
/** One ai-proxy for each configuration. */
function proxyWith(type, members) {
  const key = JSON.stringify([type, members]);
  if (!started.has(key)) started.set(key, proxyOf(type, members));
  return started.get(key);
}

const get = (path) => ({ method: "GET", path, body: null });
const post = (path, model = "gpt-4") => ({ path, body: chatBody("hi", { model }) });
/** What a GET of `path` becomes; undefined when it is refused. */
const target = (members, path, type = "openai") =>
  ask(proxyWith(type, members), get(path)).sent?.headers.get(":path");
/** What a chat at `path` becomes. */
const chat = (members, path = "/v1/chat/completions", type = "openai", model) =>
  ask(proxyWith(type, members), post(path, model)).sent?.headers.get(":path");

describe("a client's path", () => {
  it("is read once, by each of its characters", () => {
    const sent = (path) => target({}, path, "vllm");
    const SENT = {
      "/a/./b": "/a/b",
      "/a//b": "/a/b",
      "/a/../b": "/b",
      "/a/b/../../c": "/c",
      "/../a": "/a",
      "/a/%2e%2E/b": "/b",
      "/a/": "/a/",
      "/a/.": "/a/",
      "/a/b/..": "/a/",
      "/a/b/../": "/a/",
      "/a%2Fb/%2f": "/a%2Fb/%2f",
      "/az-AZ.09_~!$&'()*+,;=:@": "/az-AZ.09_~!$&'()*+,;=:@",
      "/%20%7e%80%ff": "/%20%7e%80%ff",
      "/;a/b;c/.x/..x/x..": "/;a/b;c/.x/..x/x..",
      '/"<>^`{|}': "/%22%3C%3E%5E%60%7B%7C%7D",
    };
    for (const [path, wanted] of Object.entries(SENT)) assert.equal(sent(path), wanted, path);
    const FALSE = [
      "%",
      "%2",
      "%g1",
      "%G1",
      "%1g",
      "%:1",
      "%1:",
      "%/1",
      "%1/",
      "%@1",
      "%1@",
      "%`1",
      "%1`",
    ];
    const CONTROLS = ["%00", "%0a", "%1f", "%7f", "a%1Fb"];
    const DOTS = [".;", "..;x", "a%2f.", "..%2Fa", "%5c..", "..%5Ca", "a%2f..;b", ".%2e;"];
    for (const segment of [...FALSE, ...CONTROLS, ...DOTS]) {
      const { stream } = ask(proxyWith("vllm"), get(`/a/${segment}`));
      assert.equal(stream.received.status, 400, segment);
      assert.equal(stream.json.error.code, "invalid_path", segment);
    }
    const hidden = [
      "/v1%2f%2fchat/completions",
      "/v1/%2fchat/completions",
      "/v1/chat%2Fcompletions%2f",
    ];
    for (const path of hidden)
      assert.equal(ask(proxyWith("deepseek"), post(path)).stream.received.status, 200);
    const letters = { allowedPaths: ["/jklmno/JKLMNO/zyx"] };
    assert.ok(target(letters, "/%6a%6B%6c%6D%6e%6F/%4A%4b%4C%4d%4E%4f/%7a%79%78", "deepseek"));
    assert.equal(
      target(letters, "/%6b%6B%6c%6D%6e%6F/%4A%4b%4C%4d%4E%4f/%7a%79%78", "deepseek"),
      undefined,
    );
  });
});

describe("the path upstream", () => {
  const CHAT = "/v1/chat/completions";

  it("has basePath taken away, or in front, once", () => {
    const removed = { basePath: "/team" };
    assert.equal(chat(removed, `/team${CHAT}?a=b`), `${CHAT}?a=b`);
    assert.equal(chat(removed, CHAT), CHAT);
    assert.equal(target(removed, "/team/any/thing", "vllm"), "/any/thing");
    assert.equal(target(removed, "/teams/any", "vllm"), "/teams/any");
    assert.equal(target(removed, "/team?a=b", "vllm"), "/?a=b");
    assert.equal(target({ basePath: "/team/" }, "/team/any", "vllm"), "/any");
    const prepended = { ...removed, basePathHandling: "prepend" };
    assert.equal(chat(prepended), `/team${CHAT}`);
    assert.equal(target(prepended, "/any", "vllm"), "/team/any");
    assert.equal(target(prepended, "/team/any", "vllm"), "/team/any");
    assert.equal(target({ ...prepended, basePath: "/team/" }, "/any", "vllm"), "/team/any");
    assert.equal(target({ ...prepended, basePath: "team" }, "/any", "vllm"), "team/any");
    assert.equal(chat({ providerBasePath: "/p" }), `/p${CHAT}`);
    assert.equal(chat({ ...prepended, providerBasePath: "/p" }), `/p/team${CHAT}`);
    assert.equal(chat({ ...removed, providerBasePath: "/p" }, `/team${CHAT}`), `/p${CHAT}`);
  });

  it("is the client's with protocol original, but for what is configured", () => {
    const original = { protocol: "original" };
    const path = "/any/v1/chat/completions?x=1";
    assert.equal(chat(original, path), `${CHAT}?x=1`);
    assert.equal(chat({ ...original, basePath: "/any" }, path), `${CHAT}?x=1`);
    // An API that the vendor has not.
    const images = "/any/v1/images/generations?x=1";
    const at = (members) => target({ ...original, ...members }, images, "deepseek");
    assert.equal(at({}), images);
    assert.equal(at({ basePath: "/any" }), "/v1/images/generations?x=1");
    const capabilities = { "openai/v1/imagegeneration": "/own" };
    assert.equal(at({ capabilities }), "/own?x=1");
    assert.equal(at({ capabilities, basePath: "/any" }), "/v1/images/generations?x=1");
    const mapped = { modelMapping: { mine: "theirs" } };
    const models = "/v1beta/models/mine:generateContent";
    assert.equal(target(mapped, models, "gemini"), "/v1beta/models/theirs:generateContent");
    assert.equal(target({ ...mapped, ...original }, models, "gemini"), models);
    assert.equal(target(mapped, "/v1/files/mine"), "/v1/files/mine");
  });

  it("is that of the server which the operator has chosen", () => {
    const at = (url, path) => target({ openaiCustomUrl: url }, path);
    const direct = { openaiCustomUrl: "h/a/chat/completions?k=v" };
    assert.equal(chat(direct, `${CHAT}?x=1`), "/a/chat/completions?k=v");
    for (const base of ["h/api/v1", "h/api/v1/"]) {
      assert.equal(at(base, "/v1/files?x=1"), "/api/v1/files?x=1");
      assert.equal(at(base, "/v1/tokenize?x=1"), "/api/v1/tokenize?x=1");
      assert.equal(at(base, "/api/v1/tokenize"), "/api/v1/tokenize");
      assert.equal(at(base, "/other/tokenize"), undefined);
    }
    assert.equal(at("h/api/v1?k=v", "/v1/files"), "/api/v1/files?k=v");
    assert.equal(at("h/v1", "/v1/tokenize"), "/v1/tokenize");
  });

  it("has the identifiers of the client's in the places of a configured one", () => {
    const at = (api, path, client) =>
      target({ capabilities: { [`openai/v1/${api}`]: path } }, client);
    const CASES = [
      ["retrievefile", "/f/{id}", "/v1/files/a?x=1", "/f/a?x=1"],
      ["retrievefile", "/f/{id}/{more}/x", "/v1/files/a", "/f/a/{more}/x"],
      ["retrievefile", "/f/{id", "/v1/files/a", "/f/{id"],
      ["retrievefile", "{id}/f", "/v1/files/a", "a/f"],
      ["retrievefile", "/f/x}", "/v1/files/a", "/f/x}"],
      ["retrievefilecontent", "/f/{id}/raw", "/team/v1/files/a/content", "/f/a/raw"],
      ["retrievebatch", "/b/{id}", "/v1/batches/b1", "/b/b1"],
      ["cancelbatch", "/b/{id}/stop", "/v1/batches/b1/cancel", "/b/b1/stop"],
      ["retrievevideo", "/v/{id}", "/v1/videos/v1", "/v/v1"],
      ["retrievemodel", "/m/{id}", "/v1/models/m", "/m/m"],
      ["retrievefine-tuningjob", "/j/{id}", "/v1/fine_tuning/jobs/j", "/j/j"],
      ["fine-tuningjobsevents", "/j/{id}/e", "/v1/fine_tuning/jobs/files/events", "/j/files/e"],
      [
        "deletefine-tuningjobcheckpointpermission",
        "/c/{c}/p/{p}",
        "/v1/fine_tuning/checkpoints/c1/permissions/p1",
        "/c/c1/p/p1",
      ],
      [
        "fine-tuningjobcheckpointpermissions",
        "/c/{c}",
        "/v1/fine_tuning/checkpoints/c1/permissions",
        "/c/c1",
      ],
    ];
    for (const [api, path, client, wanted] of CASES) {
      assert.equal(at(api, path, client), wanted, `${api} ${path}`);
    }
  });
});
