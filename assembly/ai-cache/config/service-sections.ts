/**
 * The sections of the configuration that name outside services. Their keys are read and checked
 * here; the types that this version cannot use yet are refused with a message that says so.
 */
import { ConfigReader } from "../../rules/config-reader";
import { NO_THRESHOLD } from "./match-config";

const VECTOR_TYPES = [
  "dashvector",
  "chroma",
  "elasticsearch",
  "weaviate",
  "pinecone",
  "qdrant",
  "milvus",
  "memory",
];
const THRESHOLD_RELATIONS = ["lt", "lte", "gt", "gte"];

const SERVICE_TEXTS = ["serviceName", "serviceHost", "serviceDomain", "cluster"];
const REDIS_TEXTS = ["username", "password", "cacheKeyPrefix", "transport"];
const VECTOR_TEXTS = [
  "apiKey",
  "collectionID",
  "esUsername",
  "esPassword",
  "metric",
  "apiVersion",
  "tenant",
  "database",
];

const MAX_MS: i64 = 600_000;
const MAX_PORT: i64 = 65_535;

/** Counts the keys of a Redis as known where no Redis is used. */
export function ignoreRedisKeys(section: ConfigReader): void {
  readTexts(section, SERVICE_TEXTS);
  readTexts(section, REDIS_TEXTS);
  section.positive("servicePort", 0, MAX_PORT);
  section.positive("timeout", 0, MAX_MS);
  section.integer("database", 0, 0, 1_000_000);
}

/**
 * `vector`. Gives its threshold in cosine similarity, `NO_THRESHOLD` when it has none. Only the index
 * in the VM is there.
 */
export function readVector(section: ConfigReader): f64 {
  const type = section.choice("type", VECTOR_TYPES, "");
  readTexts(section, SERVICE_TEXTS);
  readTexts(section, VECTOR_TEXTS);
  section.positive("servicePort", 0, MAX_PORT);
  section.positive("timeout", 0, MAX_MS);
  section.positive("topK", 1, 1000);
  section.positive("numCandidates", 0, 10_000);
  const hasThreshold = section.has("threshold");
  const threshold = section.number("threshold", NO_THRESHOLD);
  const relation = section.choice("thresholdRelation", THRESHOLD_RELATIONS, "");
  section.boolean("extraFields", true);
  section.object("headers");
  if (type.length > 0 && type != "memory") {
    refuse(section, type, 'vectors are kept in memory only: use {"type":"memory"} or leave it out');
  }
  if (relation == "lt" || relation == "lte") {
    section.diagnostics.error(
      section.pathOf("thresholdRelation"),
      "the index in memory compares cosine similarities, where more is nearer: use gt or gte",
    );
  }
  section.finish();
  return hasThreshold && type == "memory" ? threshold : NO_THRESHOLD;
}

/** The sections of the 2024 prototype. */
export function readPrototype(root: ConfigReader): void {
  const sections = ["embeddingProvider", "vectorProvider", "vectorBaseProvider"];
  for (let i = 0; i < sections.length; i++) {
    const section = root.object(sections[i]);
    if (section !== null) {
      section.diagnostics.error(
        section.path,
        "outside embedding and vector services are not supported by this version; leave the section out",
      );
    }
  }
}

function refuse(section: ConfigReader, type: string, advice: string): void {
  section.diagnostics.error(
    section.path.length > 0 ? section.pathOf("type") : "type",
    '"' + type + '" is not supported by this version; ' + advice,
  );
}

function readTexts(section: ConfigReader, keys: string[]): void {
  for (let i = 0; i < keys.length; i++) section.text(keys[i], "");
}
