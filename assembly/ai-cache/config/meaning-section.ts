import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { PRICES, readPrices } from "../../rules/prices-section";
import { EmbeddingConfig } from "../embedding/embedding-config";
import { KeyMode } from "../key/key-mode";
import { CacheConfig } from "./cache-config";
import { EMBEDDING_KEYS, readEmbedding } from "./embedding-section";
import { LEARNING_KEYS, readLearning } from "./learning-section";
import { MEANING_KEYS, readMatch } from "./match-config";
import { embeddingOfPrototype, vectorOfPrototype } from "./prototype";
import { readVectorSection, VECTOR_KEYS, VectorSection } from "./vector-section";

const EMBEDDING = <ConfigKey>{
  name: "embedding",
  form: KeyForm.Object,
  keys: EMBEDDING_KEYS,
  meaning: "an embedding service, [below](#embedding)",
};
const VECTOR = <ConfigKey>{
  name: "vector",
  form: KeyForm.Object,
  keys: VECTOR_KEYS,
  meaning: "an external [vector store](vector-stores.md)",
};
const LEARNING = <ConfigKey>{
  name: "learning",
  form: KeyForm.Object,
  keys: LEARNING_KEYS,
  meaning: "how the module learns",
};
/** Of the 2024 prototype. */
const OLD_KEYS: ConfigKey[] = [
  <ConfigKey>{ name: "embeddingProvider", form: KeyForm.Object },
  <ConfigKey>{ name: "vectorProvider", form: KeyForm.Object },
  <ConfigKey>{ name: "vectorBaseProvider", form: KeyForm.Object },
];

/** Top-level keys: semantic matching and its services. */
export const SEMANTIC_KEYS: ConfigKey[] = MEANING_KEYS.concat([
  LEARNING,
  PRICES,
  EMBEDDING,
  VECTOR,
]).concat(OLD_KEYS);

/** Reads semantic matching and its services. After `keyMode`. */
export function readMeaning(keys: KeyReader, config: CacheConfig): void {
  const embedding = readService(keys);
  let vector = new VectorSection();
  const oldVector = vectorOfPrototype(keys.reader);
  const stored = keys.section(VECTOR);
  if (stored !== null) vector = readVectorSection(stored);
  else if (oldVector !== null) vector = readVectorSection(new KeyReader(oldVector, VECTOR_KEYS));
  // `keyMode: text` corresponds to the Go plugin, which matches semantically with services only.
  const usual = config.keyMode == KeyMode.Full || embedding !== null;
  const model = embedding === null ? "" : embedding.modelName;
  config.learning = readLearning(keys.section(LEARNING));
  config.prices = readPrices(keys);
  const isJudged = config.learning.judge !== null;
  config.match = readMatch(keys, usual, model, vector.threshold, isJudged);
  const store = vector.store;
  if (embedding === null) {
    if (store !== null) keys.warn(VECTOR, "is not used without an embedding service");
    return;
  }
  if (!config.match.enabled || !keys.reader.diagnostics.ok) return;
  config.embedding = embedding;
  if (store === null) return;
  store.timeoutMs = min(store.timeoutMs, config.match.totalTimeoutMs);
  if (config.keyMode == KeyMode.Text) store.extraFields = false;
  config.vectors = store;
}

function readService(keys: KeyReader): EmbeddingConfig | null {
  const old = embeddingOfPrototype(keys.reader);
  const own = keys.section(EMBEDDING);
  if (own !== null) return readEmbedding(own);
  return old === null ? null : readEmbedding(new KeyReader(old, EMBEDDING_KEYS));
}
