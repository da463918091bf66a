/** What the documents say is what the code does. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import yaml from "js-yaml";
import { loadEnvoyConfig, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { PACKAGES } from "../../scripts/tools/python.mjs";
import { plugin } from "./support.mjs";

const read = (file) => readFileSync(join(ROOT, file), "utf8");
const constants = (text) =>
  [...text.matchAll(/export const \w+ = "([a-z0-9-]+)";/g)].map((match) => match[1]);

describe("documents", () => {
  it("docs/reasons.md lists every reason and no other", () => {
    const known = [
      ...constants(read("assembly/ai-cache/report/reasons.ts")),
      ...constants(read("assembly/chat/answer-fault.ts")),
    ];
    const listed = [...read("docs/reasons.md").matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(
      (match) => match[1],
    );
    assert.deepEqual(listed.toSorted(), [...new Set(known)].toSorted());
  });

  it("pages in Chinese have the sections, rows, code and names of the English ones", () => {
    const own = (text) => text.replace(/^\[(?:中文|English)\].*$/m, "");
    const shapeOf = (text) => ({
      headings: text.match(/^#+ /gm),
      blocks: text.match(/^```[\s\S]*?^```/gm),
      rows: [...text.matchAll(/^\| .*$/gm)].map(([row]) => row.match(/`[^`]+`/g)?.toSorted()),
      names: text.match(/`[^`\n]+`/g).toSorted(),
    });
    const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".zh-CN.md"));
    assert.ok(pages.length >= 2);
    for (const page of pages) {
      const english = read(`docs/${page.replace(".zh-CN", "")}`);
      assert.ok(english.includes(`[中文](${page})`), page);
      assert.deepEqual(shapeOf(own(read(`docs/${page}`))), shapeOf(own(english)), page);
    }
  });

  it("docs/threat-model.md names tests that exist, for each promise one", () => {
    const text = read("docs/threat-model.md");
    const promises = text.slice(text.indexOf("## Promises"));
    const rows = [...promises.matchAll(/^\| (?!Promise|---)(.*) \| (.*) \|$/gm)];
    assert.ok(rows.length >= 20);
    for (const [, promise, held] of rows) {
      const files = [...held.matchAll(/`(tests\/[\w/.-]+)`: ((?:"[^"]+"(?:, )?)+)/g)];
      assert.ok(files.length > 0, promise);
      for (const [, file, names] of files) {
        const source = read(file).replaceAll(/\s+/g, " ");
        for (const [, name] of names.matchAll(/"([^"]+)"/g))
          assert.ok(source.includes(name.replaceAll("\\|", "|")), `${file}: "${name}"`);
      }
    }
  });

  it("docker-compose.yml has every service that its Envoy asks, every file, and pinned versions", () => {
    const { services, volumes } = yaml.load(read("docker-compose.yml"));
    const outside = new Set(["dashscope.aliyuncs.com"]);
    for (const { load_assignment: load } of loadEnvoyConfig("compose.yaml").static_resources
      .clusters) {
      const { address } = load.endpoints[0].lb_endpoints[0].endpoint.address.socket_address;
      assert.ok(services[address] || outside.has(address), address);
    }
    for (const [name, service] of Object.entries(services)) {
      assert.match(service.image, /:(v?\d+\.\d+|\d+\.\d+-)/, name);
      for (const volume of service.volumes ?? []) {
        const [source] = volume.split(":");
        if (source.startsWith("./build/")) continue;
        assert.ok(source.startsWith("./") ? existsSync(join(ROOT, source)) : source in volumes);
      }
      for (const other of Object.keys(service.depends_on ?? {})) assert.ok(services[other], other);
    }
  });

  it("docs/dependencies.md names every package", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json"));
    const text = read("docs/dependencies.md");
    const python = Object.values(PACKAGES)
      .flat()
      .map((name) => name.split("==")[0]);
    for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies), ...python]) {
      assert.ok(text.includes(`\`${name}\``), name);
    }
  });

  it("the configurations in the READMEs and in envoy.yaml are taken as they are", () => {
    for (const file of ["README.md", "README.zh-CN.md"]) {
      const blocks = [...read(file).matchAll(/```json\n(.*?)```/gs)].map((match) => match[1]);
      const names = ["ai-cache", "ai-proxy", "ai-cache", "ai-cache"];
      assert.equal(blocks.length, names.length);
      for (const [index, name] of names.entries()) {
        const taken = plugin(name, blocks[index]);
        assert.ok(taken.accepted, taken.vm.logText());
        assert.equal(taken.vm.logText(3), "");
      }
    }
    for (const [name, filter] of Object.entries(wasmFilters(loadEnvoyConfig()))) {
      const taken = plugin(name, filter.configuration.value);
      assert.ok(taken.accepted, taken.vm.logText());
      assert.equal(taken.vm.logText(3), "");
    }
  });

  it("figures of the READMEs are those of the documents that measured them", () => {
    const measured = read("docs/performance.md") + read("docs/matching.md");
    const rows = (file) => [
      ...read(file).matchAll(/^\| .*?\| ([\d.]+ (?:µs|ms|MB)) \| ([\d.]+ (?:µs|ms|MB)) \|$/gm),
    ];
    assert.equal(rows("README.md").length, 4);
    const figures = rows("README.md").map(([, ours, theirs]) => [ours, theirs]);
    assert.deepEqual(
      rows("README.zh-CN.md").map(([, ours, theirs]) => [ours, theirs]),
      figures,
    );
    for (const figure of figures.flat()) {
      const [number] = figure.split(" ");
      assert.match(measured, new RegExp(`\\| \\*{0,2}${number}\\*{0,2} \\|`), figure);
    }
    for (const [, some, all] of read("README.md").matchAll(
      /(\d+) of ([\d,]+) (?:in (?:English|Chinese)|pairs)/g,
    )) {
      assert.match(measured, new RegExp(`\\b${some} of ${all} \\(`));
      for (const number of [some, all]) assert.ok(read("README.zh-CN.md").includes(number));
    }
    assert.match(measured, /expect 10 to 15 % of the paraphrases/);
  });

  it("the READMEs name every file of envoy/, and link to what is there", () => {
    for (const file of ["README.md", "README.zh-CN.md"]) {
      const text = read(file);
      for (const name of readdirSync(join(ROOT, "envoy")))
        assert.ok(text.includes(`envoy/${name}`), name);
      for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        assert.ok(existsSync(join(ROOT, target)), `${file}: ${target}`);
      }
    }
  });

  it("the access log in the READMEs has the form of the files' own", () => {
    const [manager] = loadEnvoyConfig().static_resources.listeners[0].filter_chains[0].filters;
    const format =
      manager.typed_config.access_log[0].typed_config.log_format.text_format_source.inline_string;
    const pattern = format
      .trim()
      .split(/%[^%]*%/)
      .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("\\S+");
    for (const file of ["README.md", "README.zh-CN.md"]) {
      const lines = read(file)
        .split("\n")
        .filter((line) => /^\d{4}-\d\d-\d\dT/.test(line));
      assert.equal(lines.length, 3);
      for (const line of lines) assert.match(line, new RegExp(`^${pattern}$`));
    }
  });
});
