/** Figures in the READMEs and documents are those of this commit; both READMEs say the same. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SIZE_LIMIT } from "../../scripts/tools/check-wasm.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { PACKAGES } from "../../scripts/tools/python.mjs";
import { chatBody, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

const read = (file) => readFileSync(join(ROOT, file), "utf8");
const ENGLISH = read("README.md");
const CHINESE = read("README.zh-CN.md");
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, part]) => part);

describe("figures", () => {
  it("types of providers: as many as the module lists", () => {
    const refused = plugin("ai-proxy", { provider: { type: "no such type" } });
    const [, list] = /; there are (.*)/.exec(refused.vm.takeLog(3));
    const count = String(list.split(", ").length);
    const told = [
      ...all(ENGLISH, /(\d+) types/g),
      ...all(CHINESE, /(\d+) 种提供商/g),
      ...all(CHINESE, /共 (\d+) 种/g),
    ];
    assert.ok(told.length >= 4);
    assert.deepEqual([...new Set(told)], [count]);
  });

  it("sizes of the modules: near those of an optimised build, and the limit is the build's", () => {
    const [, limit] = /refuses (\d+) KiB/.exec(read("docs/performance.md"));
    assert.equal(Number(limit) * 1024, SIZE_LIMIT);
    assert.match(read("docs/kubernetes.md"), new RegExp(`less than ${limit} KiB`));
    const sizes = [...read("docs/performance.md").matchAll(/`(ai-\w+)\.wasm` (\d+) KB/g)];
    assert.equal(sizes.length, 2);
    for (const [, name, told] of sizes) {
      const { size } = statSync(builtModule(name));
      if (size >= SIZE_LIMIT) continue;
      assert.ok(
        Math.abs(size / 1000 - told) < told * 0.05,
        `${name}: ${size} bytes, told ${told} KB`,
      );
    }
  });

  it("versions: those that are asked for and installed", () => {
    const [, envoy] = PACKAGES.envoy[0].split("==");
    const [major, minor] = envoy.split(".");
    const [, oldest] = /const OLDEST = \[([\d, ]+)\]/.exec(read("scripts/tools/envoy.mjs"));
    const [, python] = /const OLDEST_PYTHON = \[([\d, ]+)\]/.exec(read("scripts/tools/python.mjs"));
    const [, node] = /versions\.node\.split\("\."\)\[0\]\) < (\d+)/.exec(read("Makefile"));
    for (const text of [ENGLISH, CHINESE]) {
      assert.match(text, new RegExp(`Envoy ${major}\\.${minor}\\b`));
      assert.ok(text.includes(oldest.replace(", ", ".")), "the oldest Envoy");
      assert.ok(text.includes(`Python ${python.replace(", ", ".")}`));
      assert.ok(text.includes(`Node.js ${node}`));
    }
  });

  it("the demo: tokens and times in the first screen are those of the transcript", () => {
    for (const [text, pattern] of [
      [ENGLISH, /takes (\d\.\d) seconds and (\d+) tokens/],
      [CHINESE, /需要 (\d\.\d) 秒和 (\d+) 个 token/],
    ]) {
      const [, seconds, tokens] = pattern.exec(text);
      const [miss, ...hits] = text.split("\n").filter((line) => /^\d{4}-\d\d-\d\dT/.test(line));
      const [, ms] = / 200 (\d+) ms cache=miss-cold/.exec(miss);
      const [, input, output] = /tokens=(\d+)\+(\d+)/.exec(miss);
      assert.equal((ms / 1000).toFixed(1), seconds);
      assert.equal(Number(input) + Number(output), Number(tokens));
      for (const hit of hits) {
        assert.match(hit, / 200 [01] ms cache=hit-(exact|semantic) .* tokens=-\+- attempts=0 /);
      }
    }
  });

  it("whatever was measured carries its commit or its command", () => {
    for (const section of read("docs/performance.md").split("\n## ")) {
      if (!/\d (µs|ms|MB|kB)\b|\| [\d.]+ \|/.test(section)) continue;
      assert.match(section, /commit [0-9a-f]{7}|one run|make (bench|soak)/i, section.slice(0, 60));
    }
  });
});

describe("the READMEs", () => {
  it("have the same sections, tables, files, links, figures and code, in the same order", () => {
    const shape = (text) => text.match(/^(#+ |\|---|```\w*|- |\d\. )/gm);
    assert.deepEqual(shape(CHINESE), shape(ENGLISH));
    const targets = (text) =>
      all(text, /\]\(([^)#]+)/g)
        .filter((target) => !/^README/.test(target))
        .map((target) => target.replace(".zh-CN.md", ".md"))
        .toSorted();
    assert.deepEqual(targets(CHINESE), targets(ENGLISH));
    const code = (text) =>
      all(text, /`([^`\n]+)`/g)
        .filter((part) => !/\p{Script=Han}/u.test(part))
        .toSorted();
    assert.deepEqual(code(CHINESE), code(ENGLISH));
    const blocks = (text) => all(text, /```(?:json|python)\n(.*?)```/gs);
    assert.deepEqual(blocks(CHINESE), blocks(ENGLISH));
  });

  it("name what is matched and what is not as the module does it", () => {
    const cases = {
      "How do I reset my password?": {
        "how can I reset my password, please": true,
        "How do I reset my PIN?": false,
        "How do I reset my password without email?": false,
      },
      "如何更改登录密码？": { "怎样修改登录密码？": true },
      "哪些城市支持自提？": { "哪些城市不支持自提？": false },
    };
    for (const [asked, others] of Object.entries(cases)) {
      assert.ok((ENGLISH + CHINESE).includes(asked.replace(/…/g, "")), asked);
      for (const [other, isSame] of Object.entries(others)) {
        const cache = plugin("ai-cache");
        const upstream = jsonUpstream(completion("stored"));
        exchange([cache], { body: chatBody(asked) }, upstream);
        const second = exchange([cache], { body: chatBody(other) }, upstream);
        const reason = second.attribute("ai_cache");
        assert.equal(reason === "hit-semantic", isSame, `${asked} / ${other}: ${reason}`);
      }
    }
  });

  it("and the documents link to headings that are there", () => {
    const slug = (heading) =>
      heading
        .replaceAll(/[`*]/g, "")
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");
    const slugs = (file) => all(read(file), /^#+ (.*)$/gm).map(slug);
    const documents = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
    for (const file of [
      "README.md",
      "README.zh-CN.md",
      ...documents.map((name) => `docs/${name}`),
    ]) {
      for (const [, target, anchor] of read(file).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)) {
        const to = target === "" ? file : join(file, "..", target);
        assert.ok(slugs(to).includes(decodeURIComponent(anchor)), `${file}: ${target}#${anchor}`);
      }
    }
  });

  it("name targets of the Makefile, and files that are there", () => {
    const makefile = read("Makefile");
    for (const text of [
      ENGLISH,
      CHINESE,
      ...readdirSync(join(ROOT, "docs"))
        .filter((name) => name.endsWith(".md"))
        .map((name) => read(`docs/${name}`)),
    ]) {
      for (const target of all(text, /`(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)/g)) {
        assert.match(makefile, new RegExp(`^${target}:`, "m"), target);
      }
      for (const file of all(text, /`((?:envoy|scripts|tests|docs)\/[\w./-]+\.\w+)`/g)) {
        assert.ok(existsSync(join(ROOT, file)), file);
      }
    }
  });
});
