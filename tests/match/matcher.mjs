/** The matcher of `build/match.wasm` as functions over strings. */
import { readFileSync } from "node:fs";
import { builtModule } from "../../scripts/tools/targets.mjs";

export class Matcher {
  #exports;

  constructor() {
    const module = new WebAssembly.Module(readFileSync(builtModule("match")));
    const env = {};
    for (const { name } of WebAssembly.Module.imports(module)) env[name] = () => 0;
    this.#exports = new WebAssembly.Instance(module, { env }).exports;
    this.#exports._initialize?.();
  }

  #put(...parts) {
    const bytes = Buffer.concat(parts);
    const at = this.#exports.prepare(bytes.length);
    new Uint8Array(this.#exports.memory.buffer).set(bytes, at);
    return parts[0].length;
  }

  #result() {
    const { memory, resultPointer, resultLength } = this.#exports;
    const text = Buffer.from(memory.buffer, resultPointer(), resultLength()).toString();
    return JSON.parse(text);
  }

  /** What the comparison finds; null when one of the texts is no question. */
  compare(a, b) {
    return this.compareBytes(Buffer.from(a), Buffer.from(b));
  }

  compareBytes(a, b) {
    this.#exports.compare(this.#put(a, b));
    return this.#result();
  }

  /** Whether every character of a text is accounted for. */
  explained(text) {
    this.#put(Buffer.from(text));
    return this.#exports.explained() !== 0;
  }

  /** Canonical key and tokens, and whether the text stands alone. */
  canonical(text) {
    this.#put(Buffer.from(text));
    this.#exports.canonical();
    return this.#result();
  }

  /** Compares `times` times, both sides parsed once. */
  compareOften(a, b, times) {
    return this.#exports.compareOften(this.#put(Buffer.from(a), Buffer.from(b)), times);
  }

  parseOften(text, times) {
    this.#put(Buffer.from(text));
    this.#exports.parseOften(times);
  }
}
