/** `make lint` notices imports that run upwards, folders that nobody knows, and a picture that is wrong. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";

let copy;

before(() => {
  copy = mkdtempSync(join(tmpdir(), "ai-gateway-layers-"));
  for (const path of ["assembly", "scripts", "docs/architecture.md", "package.json"])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
});

after(() => rmSync(copy, { recursive: true, force: true }));

/** What the check says; empty when all is well. */
function check() {
  const { stderr, status } = spawnSync(process.execPath, [join(copy, "scripts/check-layers.mjs")], {
    encoding: "utf8",
  });
  assert.equal(status === 0, stderr === "", stderr);
  return stderr;
}

/** What the check says when `change` has been made of a file's text; a new file's text is empty. */
function planted(file, change) {
  const path = join(copy, file);
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    mkdirSync(dirname(path), { recursive: true });
  }
  const changed = change(text);
  assert.notEqual(changed, text, file);
  writeFileSync(path, changed);
  const said = check();
  if (text === "") rmSync(path);
  else writeFileSync(path, text);
  return said;
}

const importing = (name) => (text) => `import { Any } from "${name}";\n${text}`;

describe("the check of the layers", () => {
  it("is content with the sources as they are", () => {
    assert.equal(check(), "");
  });

  it("names an import that runs upwards, between packages and between folders", () => {
    assert.match(
      planted("assembly/json/document.ts", importing("../chat/names")),
      /^json\/document\.ts: imports chat\/names\.ts; json may import text, proxy-wasm$/m,
    );
    const up = planted("assembly/ai-cache/store/record.ts", importing("../lookup/step"));
    assert.match(
      up,
      /^ai-cache\/store\/record\.ts: imports ai-cache\/lookup\/step\.ts; ai-cache\/store may/m,
    );
    assert.match(up, /^folders that import each other: .*ai-cache\/store/m);
    assert.match(
      planted("assembly/ai-cache/stream.ts", importing("../ai-proxy/exchange/exchange")),
      /^ai-cache\/stream\.ts: imports ai-proxy/m,
    );
  });

  it("names a vendor and a client protocol that know another", () => {
    assert.match(
      planted("assembly/ai-proxy/provider/kling/row.ts", importing("../coze/row")),
      /^ai-proxy\/provider\/kling\/row\.ts: imports ai-proxy\/provider\/coze\/row\.ts; only the registry/m,
    );
    assert.match(
      planted("assembly/protocol/openai-chat/answer.ts", importing("../anthropic-messages/answer")),
      /only protocol\/registry\.ts knows a client protocol$/m,
    );
  });

  it("names a vendor in what all share: its name, its host, a path of its own, what it is called elsewhere", () => {
    const shared = "assembly/ai-proxy/route/admission.ts";
    const texts = ["kling", "https://api.mistral.ai/v1", "/v1/kling/tasks", "dashscope"];
    for (const text of texts) {
      const said = planted(shared, (code) => `${code}\nexport const PLANTED = "${text}";\n`);
      assert.ok(said.includes(`route/admission.ts: "${text}" is about a vendor`), said);
    }
    assert.equal(
      planted(shared, (code) => `// as Kling does\n${code}`),
      "",
    );
  });

  it("names a folder that nobody knows, and an arrow that nothing needs", () => {
    assert.match(
      planted("assembly/ai-cache/loose/file.ts", () => "export const x = 1;\n"),
      /^ai-cache\/loose\/file\.ts: a folder that scripts\/tools\/layers\.mjs does not know$/m,
    );
    assert.match(
      planted("scripts/tools/layers.mjs", (text) =>
        text.replace('life: ["policy"]', 'life: ["policy", "report"]'),
      ),
      /no import needs ai-cache\/life -> ai-cache\/report$/m,
    );
  });

  it("compares the picture: a folder that is missing, made up, linked to nothing, or too low", () => {
    const drawn = (...changes) =>
      planted("docs/architecture.md", (text) =>
        changes.reduce((drawing, [from, to]) => drawing.replace(from, to), text),
      );
    const without = (name) => [new RegExp(` · ${name}\\b|\\b${name} · `), ""];
    const onTop = (name) => [/(subgraph ai-cache[^"]*"own files)"/, `$1 · ${name}"`];
    assert.match(drawn(without("admin")), /ai-cache: admin is missing$/m);
    assert.match(drawn(onTop("spare")), /ai-cache: spare is nothing/m);
    assert.match(drawn([/\] --> cache\d+/, "]"]), /ai-cache: the box with \S+ has no arrow$/m);
    assert.match(drawn(onTop("config")), /ai-cache: config stands twice$/m);
    assert.match(
      drawn(without("report"), onTop("report")),
      /ai-cache: report stands no lower than store, which imports it$/m,
    );
  });
});
