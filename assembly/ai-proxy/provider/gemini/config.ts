import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { ConfigReader } from "../../../rules/config-reader";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { GeminiEmbeddings } from "./embeddings";
import { GeminiDialect } from "./gemini";
import { GeminiImages, IMAGE_APIS } from "./images";
import { GeminiModels } from "./models";
import { GeminiOfVertex } from "./native";
import { GeminiOptions } from "./options";

const API_VERSION = <ConfigKey>{
  name: "apiVersion",
  fallback: "v1beta",
  meaning: "API version in paths",
};
export const THINKING_BUDGET = <ConfigKey>{
  name: "geminiThinkingBudget",
  form: KeyForm.Integer,
  hasDefault: false,
  min: -1,
  max: 10_000_000,
  meaning: "thinking tokens if the client sends no effort; −1 lets the model decide",
};
export const SAFETY = <ConfigKey>{
  name: "geminiSafetySetting",
  form: KeyForm.Object,
  meaning: "harm categories and their thresholds",
};

export const GEMINI_KEYS: ConfigKey[] = [API_VERSION, THINKING_BUDGET, SAFETY];

/** Reads the API version and the options of every request. */
export function readGemini(keys: KeyReader, vendor: Vendor): void {
  const version = keys.text(API_VERSION);
  const options = readGeminiOptions(keys, keys.object(SAFETY));
  vendor.pathPrefix = "/" + version;
  vendor.dialect = new GeminiDialect(version, options);
  vendor.natives = [new GeminiOfVertex(version)];
  vendor.apiDialects = [new GeminiEmbeddings(version), new GeminiModels(version)];
  for (let i = 0; i < IMAGE_APIS.length; i++) {
    vendor.apiDialects.push(new GeminiImages(IMAGE_APIS[i], version, options));
  }
}

/** Reads the options of every request. `safety`: thresholds by category; null for the vendor's defaults. */
export function readGeminiOptions(keys: KeyReader, safety: ConfigReader | null): GeminiOptions {
  const options = new GeminiOptions();
  if (keys.has(THINKING_BUDGET)) {
    options.thinkingBudget = Bytes.of(keys.integer(THINKING_BUDGET).toString());
  }
  if (safety === null) return options;
  const names = safety.keys();
  for (let i = 0; i < names.length; i++) {
    options.safetyCategories.push(Bytes.of(names[i]));
    options.safetyThresholds.push(Bytes.of(safety.text(names[i], "")));
  }
  return options;
}
