import { Bytes } from "../../proxy-wasm/bytes";
import { clusterNames } from "../../service/cluster-names";
import { ConfigReader } from "../../rules/config-reader";
import { encodeBase64 } from "../../text/base64";
import { isDistance, similarityOf } from "../vector-store/score";
import { StoreConfig } from "../vector-store/store-config";
import { StoreType } from "../vector-store/store-type";
import { findStoreType, storeTypeNames } from "../vector-store/table";
import { NO_THRESHOLD } from "./match-config";
import { checkService } from "./plausible";

/** `vector.type` of the index in the VM. */
const MEMORY = "memory";
const METRICS = ["cosine", "l2", "ip"];
const RELATIONS = ["lt", "lte", "gt", "gte"];
const MAX_MS: i64 = 600_000;
const MAX_PORT: i64 = 65_535;

/** What `vector` says. */
export class VectorSection {
  /** The outside store; null for the index in the VM. */
  store: StoreConfig | null = null;
  /** Least cosine similarity, `NO_THRESHOLD` when there is none. */
  threshold: f64 = NO_THRESHOLD;
}

/** Reads `vector`. */
export function readVectorSection(section: ConfigReader): VectorSection {
  const result = new VectorSection();
  const name = section.choice("type", storeTypeNames().concat([MEMORY]), "");
  const type = findStoreType(name);
  let store: StoreConfig | null = null;
  if (type !== null) store = readStoreOf(section, type);
  result.store = store;
  const hasThreshold = section.has("threshold");
  const threshold = section.number("threshold", NO_THRESHOLD);
  const relation = section.choice("thresholdRelation", RELATIONS, "");
  if (store !== null) {
    if (hasThreshold) result.threshold = cosineOf(section, store, threshold, relation);
  } else {
    if (hasThreshold && name == MEMORY) result.threshold = threshold;
    if (relation == "lt" || relation == "lte") {
      section.diagnostics.error(
        section.pathOf("thresholdRelation"),
        "the index in memory compares cosine similarities, where more is nearer: use gt or gte",
      );
    }
  }
  // Which keys an unknown type has, nobody knows.
  if (type !== null || name == MEMORY || !section.has("type")) section.finish();
  return result;
}

/** A threshold in the store's own units as cosine similarity; `NO_THRESHOLD` when it refuses nothing. */
function cosineOf(section: ConfigReader, store: StoreConfig, value: f64, relation: string): f64 {
  const smaller = isDistance(store.form);
  const wantsSmaller = relation == "lt" || relation == "lte";
  if (relation.length > 0 && smaller != wantsSmaller) {
    section.diagnostics.warn(
      section.pathOf("thresholdRelation"),
      "contradicts the store, where " +
        (smaller ? "less" : "more") +
        " is nearer (vector.metric says what it measures): the threshold is not used",
    );
    return NO_THRESHOLD;
  }
  const similarity = similarityOf(store.form, value);
  if (isFinite(similarity) && similarity > -1 && similarity <= 1) return similarity;
  section.diagnostics.warn(
    section.pathOf("threshold"),
    "refuses nothing or everything by the store's metric: it is not used",
  );
  return NO_THRESHOLD;
}

function readStoreOf(section: ConfigReader, type: StoreType): StoreConfig {
  const config = new StoreConfig(type);
  for (let i = 0; i < type.required.length; i++) {
    const key = type.required[i];
    if (section.text(key, "").length > 0) continue;
    if (key == "serviceHost" && section.has("serviceDomain")) continue;
    section.diagnostics.error(section.pathOf(key), "[" + type.name + "] " + key + " is required");
  }
  const name = section.text("serviceName", "");
  const cluster = section.text("cluster", "");
  checkService(section, "vector");
  const port = <i32>section.positive("servicePort", 0, MAX_PORT);
  config.clusters = clusterNames(cluster, name, port, type.ports);
  const domain = section.text("serviceDomain", "");
  const host = section.text("serviceHost", domain);
  config.host = host.length > 0 ? host : name.length > 0 ? name : cluster;
  config.collection = section.text("collectionID", "");
  if (type.collectionIsClass) checkClass(section, config);
  else if (!isSafe(config.collection)) refuse(section, "collectionID");
  config.tenant = section.textOrDefault("tenant", config.tenant);
  config.database = section.textOrDefault("database", config.database);
  if (!isSafe(config.tenant)) refuse(section, "tenant");
  if (!isSafe(config.database)) refuse(section, "database");
  config.metric = METRICS.indexOf(section.choice("metric", METRICS, "cosine"));
  config.topK = <i32>section.positive("topK", 1, 100);
  config.numCandidates = <i32>section.positive("numCandidates", 0, 10_000);
  config.timeoutMs = <u32>section.positive("timeout", 10_000, MAX_MS);
  config.apiVersion = section.text("apiVersion", "");
  config.extraFields = section.boolean("extraFields", true);
  readHeaders(section, config, type);
  return config;
}

function readHeaders(section: ConfigReader, config: StoreConfig, type: StoreType): void {
  const key = section.text("apiKey", "");
  const user = section.text("esUsername", "");
  const password = section.text("esPassword", "");
  if (key.length > 0) {
    config.headers.add(Bytes.of(type.keyHeader), Bytes.of(type.keyScheme + key));
  } else if (type.takesPassword && (user.length > 0 || password.length > 0)) {
    const pair = encodeBase64(Bytes.of(user + ":" + password)).toString();
    config.headers.add(Bytes.of("authorization"), Bytes.of("Basic " + pair));
  }
  if (type.versionHeader.length > 0) {
    const version = config.apiVersion.length > 0 ? config.apiVersion : type.usualVersion;
    config.headers.add(Bytes.of(type.versionHeader), Bytes.of(version));
  }
  const more = section.object("headers");
  if (more === null) return;
  const names = more.keys();
  for (let i = 0; i < names.length; i++) {
    config.headers.add(Bytes.of(names[i].toLowerCase()), Bytes.of(more.text(names[i], "")));
  }
}

/** Weaviate's class enters GraphQL text: a name with a capital letter in front. */
function checkClass(section: ConfigReader, config: StoreConfig): void {
  const name = config.collection;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const letter = code | 0x20;
    const isDigit = code >= 0x30 && code <= 0x39 && i > 0;
    if ((letter >= 0x61 && letter <= 0x7a) || code == 0x5f || isDigit) continue;
    refuse(section, "collectionID");
    return;
  }
  if (name.length > 0) config.collection = name.charAt(0).toUpperCase() + name.slice(1);
}

/** Whether a name can stand in a path and in JSON as it is. */
function isSafe(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code == 0x22 || code == 0x5c) return false;
    if (code == 0x2f || code == 0x3f || code == 0x23 || code == 0x25) return false;
  }
  return true;
}

function refuse(section: ConfigReader, key: string): void {
  section.diagnostics.error(section.pathOf(key), "holds a character that no such name has");
}
