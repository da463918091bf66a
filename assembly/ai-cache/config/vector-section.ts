import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey, keyCalled, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { encodeBase64 } from "../../text/base64";
import { isDistance, Metric, similarityOf } from "../vector-store/score";
import { StoreConfig } from "../vector-store/store-config";
import { StoreType } from "../vector-store/store-type";
import { findStoreType, storeTypeNames } from "../vector-store/table";
import { readHeaders } from "./embedding-section";
import { NO_THRESHOLD } from "./match-config";
import { SERVICE_KEYS, SERVICE_TIMEOUT, ServicePlace } from "./service-keys";
import { Char } from "../../proxy-wasm/char";

/** `vector.type` of the index in the VM. */
const MEMORY = "memory";

const TYPE = <ConfigKey>{
  name: "type",
  form: KeyForm.Choice,
  choices: storeTypeNames().concat([MEMORY]),
  defaultNote: "–",
  meaning:
    "an external [vector store](vector-stores.md), or `memory`: the index in the VM, which is also the default",
};
const COLLECTION = <ConfigKey>{
  name: "collectionID",
  defaultNote: "required",
  meaning: "collection, index, class or namespace",
};
const API_KEY = <ConfigKey>{ name: "apiKey", isSecret: true, meaning: "credential" };
const ES_USERNAME = <ConfigKey>{
  name: "esUsername",
  decidesCredential: true,
  meaning: "user of Elasticsearch, in place of `apiKey`",
};
const ES_PASSWORD = <ConfigKey>{
  name: "esPassword",
  isSecret: true,
  meaning: "password of Elasticsearch",
};
const HEADERS = <ConfigKey>{
  name: "headers",
  form: KeyForm.Map,
  meaning: "further headers, the credential too",
};
const METRIC = <ConfigKey>{
  name: "metric",
  form: KeyForm.Choice,
  choices: ["cosine", "l2", "ip"],
  fallback: "cosine",
  meaning: "the metric of the collection",
};
const THRESHOLD = <ConfigKey>{
  name: "threshold",
  form: KeyForm.Number,
  defaultNumber: NO_THRESHOLD,
  defaultNote: "–",
  meaning:
    "in the store's own units (Elasticsearch' score, Chroma's distance, …); converted to a cosine similarity. One that refuses nothing, or contradicts the store, is not used. With `type: memory` it is `match.threshold`",
};
const RELATION = <ConfigKey>{
  name: "thresholdRelation",
  form: KeyForm.Choice,
  choices: ["lt", "lte", "gt", "gte"],
  defaultNote: "–",
  meaning: "`lt`, `lte`, `gt`, `gte`: how a result's score must compare to `threshold`",
};
const TOP_K = <ConfigKey>{
  name: "topK",
  form: KeyForm.Integer,
  defaultValue: 1,
  max: 100,
  meaning:
    "results to consider; 3 to 5 help, because the next one is used if a guard refuses the first",
};
const NUM_CANDIDATES = <ConfigKey>{
  name: "numCandidates",
  form: KeyForm.Integer,
  max: 10_000,
  defaultNote: "50 or more",
  meaning: "Elasticsearch only",
};
const TENANT = <ConfigKey>{ name: "tenant", fallback: "default_tenant", meaning: "Chroma only" };
const DATABASE = <ConfigKey>{
  name: "database",
  fallback: "default_database",
  meaning: "Chroma only",
};
const API_VERSION = <ConfigKey>{
  name: "apiVersion",
  defaultNote: "by type",
  meaning: "version of the store's API, where it has several",
};
const EXTRA_FIELDS = <ConfigKey>{
  name: "extraFields",
  form: KeyForm.Boolean,
  isOn: true,
  meaning:
    "`false` for a schema that allows no additional fields; then entries carry no scope and only `keyMode: text` makes sense",
};

const OWN_KEYS: ConfigKey[] = [
  TYPE,
  COLLECTION,
  API_KEY,
  ES_USERNAME,
  ES_PASSWORD,
  HEADERS,
  METRIC,
  THRESHOLD,
  RELATION,
  TOP_K,
  NUM_CANDIDATES,
  TENANT,
  DATABASE,
  SERVICE_TIMEOUT,
  API_VERSION,
  EXTRA_FIELDS,
];
export const VECTOR_KEYS: ConfigKey[] = OWN_KEYS.concat(SERVICE_KEYS);

/** A parsed `vector` section. */
export class VectorSection {
  /** The external store; null for the index in the VM. */
  store: StoreConfig | null = null;
  /** Least cosine similarity, `NO_THRESHOLD` when there is none. */
  threshold: f64 = NO_THRESHOLD;
}

/** Reads `vector`. */
export function readVectorSection(keys: KeyReader): VectorSection {
  const result = new VectorSection();
  const name = keys.choice(TYPE);
  const type = findStoreType(name);
  let store: StoreConfig | null = null;
  if (type !== null) store = readStoreOf(keys, type);
  result.store = store;
  const hasThreshold = keys.has(THRESHOLD);
  const threshold = keys.number(THRESHOLD);
  const relation = keys.choice(RELATION);
  if (store !== null) {
    if (hasThreshold) result.threshold = cosineOf(keys, store, threshold, relation);
  } else {
    if (hasThreshold && name == MEMORY) result.threshold = threshold;
    if (wantsLess(relation)) {
      keys.error(
        RELATION,
        "the index in memory compares cosine similarities, where higher is nearer: use gt or gte",
      );
    }
  }
  keys.finish();
  return result;
}

function wantsLess(relation: string): bool {
  return relation == "lt" || relation == "lte";
}

/**
 * Converts a threshold in the store's own units into cosine similarity; `NO_THRESHOLD` when it would reject
 * nothing.
 */
function cosineOf(keys: KeyReader, store: StoreConfig, value: f64, relation: string): f64 {
  const smaller = isDistance(store.form);
  if (relation.length > 0 && smaller != wantsLess(relation)) {
    const nearer = smaller ? "less" : "more";
    const message =
      "contradicts the store, where " +
      nearer +
      " is nearer (vector.metric says what it measures): the threshold is not used";
    keys.warn(RELATION, message);
    return NO_THRESHOLD;
  }
  const similarity = similarityOf(store.form, value);
  if (isFinite(similarity) && similarity > -1 && similarity <= 1) return similarity;
  keys.warn(THRESHOLD, "refuses nothing or everything by the store's metric: it is not used");
  return NO_THRESHOLD;
}

function readStoreOf(keys: KeyReader, type: StoreType): StoreConfig {
  const config = new StoreConfig(type);
  const service = new ServicePlace(keys);
  for (let i = 0; i < type.required.length; i++) {
    const key = keyCalled(VECTOR_KEYS, type.required[i]);
    if (key === null || keys.text(key).length > 0) continue;
    if (key.name == "serviceHost" && service.host.length > 0) continue;
    keys.error(key, "[" + type.name + "] " + key.name + " is required");
  }
  service.check(keys, "vector");
  config.clusters = service.clusters(type.ports);
  config.host = service.host.length > 0 ? service.host : service.label;
  config.collection = keys.text(COLLECTION);
  if (type.collectionIsClass) checkClass(keys, config);
  else checkSafe(keys, COLLECTION, config.collection);
  config.tenant = keys.text(TENANT);
  config.database = keys.text(DATABASE);
  checkSafe(keys, TENANT, config.tenant);
  checkSafe(keys, DATABASE, config.database);
  config.metric = <Metric>keys.choiceOr(METRIC, Metric.Cosine);
  config.topK = <i32>keys.integer(TOP_K);
  config.numCandidates = <i32>keys.integer(NUM_CANDIDATES);
  config.timeoutMs = <u32>keys.integer(SERVICE_TIMEOUT);
  config.apiVersion = keys.text(API_VERSION);
  config.extraFields = keys.boolean(EXTRA_FIELDS);
  addCredential(keys, config, type);
  readHeaders(keys, HEADERS, config.headers);
  return config;
}

function addCredential(keys: KeyReader, config: StoreConfig, type: StoreType): void {
  const key = keys.text(API_KEY);
  const user = keys.text(ES_USERNAME);
  const password = keys.text(ES_PASSWORD);
  if (key.length > 0) {
    config.headers.add(Bytes.of(type.keyHeader), Bytes.of(type.keyScheme + key));
  } else if (type.takesPassword && (user.length > 0 || password.length > 0)) {
    const pair = encodeBase64(Bytes.of(user + ":" + password)).toString();
    config.headers.add(Bytes.of("authorization"), Bytes.of("Basic " + pair));
  }
  if (type.versionHeader.length == 0) return;
  const version = config.apiVersion.length > 0 ? config.apiVersion : type.usualVersion;
  config.headers.add(Bytes.of(type.versionHeader), Bytes.of(version));
}

/** Weaviate's class enters GraphQL text: a name with a capital letter in front. */
function checkClass(keys: KeyReader, config: StoreConfig): void {
  const name = config.collection;
  for (let i = 0; i < name.length; i++) {
    const code = <u32>name.charCodeAt(i);
    const letter = code | 0x20;
    const isDigit = code >= Char.Zero && code <= Char.Nine && i > 0;
    if ((letter >= Char.LowerA && letter <= Char.LowerZ) || code == Char.Underscore || isDigit)
      continue;
    refuse(keys, COLLECTION);
    return;
  }
  if (name.length > 0) config.collection = name.charAt(0).toUpperCase() + name.slice(1);
}

/** Whether a name needs no escaping in a path and in JSON. */
function isSafe(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const code = <u32>name.charCodeAt(i);
    if (code <= Char.Space || code >= Char.Delete || code == Char.Quote || code == Char.Backslash)
      return false;
    if (code == Char.Slash || code == Char.Question || code == Char.Hash || code == Char.Percent)
      return false;
  }
  return true;
}

function checkSafe(keys: KeyReader, key: ConfigKey, name: string): void {
  if (!isSafe(name)) refuse(keys, key);
}

function refuse(keys: KeyReader, key: ConfigKey): void {
  keys.error(key, "contains a character that is not allowed in such a name");
}
