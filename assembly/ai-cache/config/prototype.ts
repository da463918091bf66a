import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { ConfigReader } from "../../rules/config-reader";

/** Keys of `embeddingProvider` in lower case, and their current names; "" for none. */
const EMBEDDING: string[][] = [
  ["type", "type"],
  ["textembeddingprovidertype", "type"],
  ["servicename", "serviceName"],
  ["dashscopeservicename", "serviceName"],
  ["servicehost", "serviceHost"],
  ["serviceport", "servicePort"],
  ["timeout", "timeout"],
  ["dashscopetimeout", "timeout"],
  ["apikey", "apiKey"],
  ["dashscopekey", "apiKey"],
  ["queryembeddingkey", ""],
];

/** Keys of `vectorProvider` for every store. */
const VECTOR: string[][] = [
  ["vectorstoreprovidertype", "type"],
  ["thresholdrelation", "thresholdRelation"],
];
/** And those of one store. */
const STORES: string[][] = [
  ["dashvectorservicename", "serviceName"],
  ["dashvectorkey", "apiKey"],
  ["dashvectorend", "serviceHost"],
  ["dashvectorcollection", "collectionID"],
  ["dashvectortopk", "topK"],
  ["dashvectortimeout", "timeout"],
  ["chromaservicename", "serviceName"],
  ["chromacollectionid", "collectionID"],
  ["chromathreshold", "threshold"],
  ["chromadistancethreshold", "threshold"],
  ["chromanresult", "topK"],
  ["chromatimeout", "timeout"],
  ["esservicename", "serviceName"],
  ["esindex", "collectionID"],
  ["esthreshold", "threshold"],
  ["elasticsearchnresult", "topK"],
  ["esnresult", "topK"],
  ["elasticsearchtimeout", "timeout"],
  ["estimeout", "timeout"],
  ["esuser", "esUsername"],
  ["esusername", "esUsername"],
  ["espassword", "esPassword"],
  ["weaviateservicename", "serviceName"],
  ["weaviatecollection", "collectionID"],
  ["weaviatethreshold", "threshold"],
  ["weaviatenresult", "topK"],
  ["weaviatetimeout", "timeout"],
];
/** Prefixes of the keys of a store, by `type`. */
const PREFIXES: string[][] = [
  ["dashvector", "dashvector"],
  ["chroma", "chroma"],
  ["elasticsearch", "es"],
  ["elasticsearch", "elasticsearch"],
  ["weaviate", "weaviate"],
];
/** Vectors that the prototype has stored remain comparable. */
const MODEL = '"model":"text-embedding-v1"';
const CHROMA_PORT = '"servicePort":8001';
const ELASTICSEARCH_PORT = '"servicePort":9200';

/** Keys that only configurations of 2024 have: the prototype's, and the Go plugin's of that time. */
const OWN_KEYS: string[] = [
  "embeddingProvider",
  "vectorProvider",
  "vectorBaseProvider",
  "redis",
  "returnResponseTemplate",
  "returnStreamResponseTemplate",
  "ReturnStreamResponseTemplate",
  "returnTestResponseTemplate",
];
/** Keys whose value was an object then. */
const OBJECT_KEYS: string[] = [
  "cacheKeyFrom",
  "cacheValueFrom",
  "cacheStreamValueFrom",
  "cacheToolCallsFrom",
];

/** Whether a configuration has the 2024 form, in which entries had no tenant. */
export function isOfPrototype(root: ConfigReader): bool {
  for (let i = 0; i < OWN_KEYS.length; i++) {
    if (root.has(OWN_KEYS[i])) return true;
  }
  const document = root.document;
  for (let i = 0; i < OBJECT_KEYS.length; i++) {
    const node = document.member(root.node, Bytes.of(OBJECT_KEYS[i]));
    if (document.kind(node) == Kind.Object) return true;
  }
  return false;
}

/**
 * Converts `embeddingProvider` of the 2024 prototype into `embedding`; null when it is absent. A warning
 * lists the converted keys, without values.
 */
export function embeddingOfPrototype(root: ConfigReader): ConfigReader | null {
  const section = root.object("embeddingProvider");
  if (section === null) return null;
  const translation = new Translation(section, "embedding");
  translation.take(EMBEDDING, "");
  if (!translation.has("type") && translation.has("apiKey")) translation.add("type", '"dashscope"');
  return translation.open(MODEL);
}

/** Converts `vectorProvider`, else `vectorBaseProvider`, into `vector`. */
export function vectorOfPrototype(root: ConfigReader): ConfigReader | null {
  const older = root.object("vectorBaseProvider");
  const newer = root.object("vectorProvider");
  const section = newer !== null ? newer : older;
  if (section === null) return null;
  const translation = new Translation(section, "vector");
  translation.take(VECTOR, "");
  const type = translation.textOf("type");
  for (let i = 0; i < PREFIXES.length; i++) {
    if (PREFIXES[i][0] == type) translation.take(STORES, PREFIXES[i][1]);
  }
  translation.finish();
  if (type == "chroma") return translation.open(CHROMA_PORT);
  return translation.open(type == "elasticsearch" ? ELASTICSEARCH_PORT : "");
}

/** Builds a section with the current names. */
class Translation {
  private readonly out: JsonWriter = new JsonWriter(512).object();
  private readonly names: string[] = [];
  private readonly texts: string[] = [];
  private readonly taken: i32[] = [];

  constructor(
    private readonly section: ConfigReader,
    private readonly target: string,
  ) {}

  /** Whether a current key has a value. */
  has(name: string): bool {
    return this.names.includes(name);
  }

  /** The text of a current key; empty when it has none. */
  textOf(name: string): string {
    const index = this.names.indexOf(name);
    return index < 0 ? "" : this.texts[index];
  }

  /** Takes the keys of a table that begin with `prefix`. Of two names for one key, the first counts. */
  take(table: string[][], prefix: string): void {
    const document = this.section.document;
    for (let i = 0; i < table.length; i++) {
      if (!table[i][0].startsWith(prefix)) continue;
      let name = this.section.node + 1;
      for (let left = document.size(this.section.node); left > 0; left--) {
        const value = name + 1;
        if (document.text(name).toString().toLowerCase() == table[i][0]) {
          this.taken.push(name);
          const isBlank = document.kind(value) == Kind.String && document.text(value).length == 0;
          if (table[i][1].length > 0 && !isBlank && !document.isAbsent(value)) {
            const text = document.text(value).toString();
            this.add(table[i][1], document.raw(value).toString(), text);
          }
        }
        name = document.next(value);
      }
    }
  }

  /** Adds a key with a JSON value, unless it has one. */
  add(name: string, json: string, text: string = ""): void {
    if (this.has(name)) return;
    this.names.push(name);
    this.texts.push(text);
    this.out.escapedKey(Bytes.of(name)).text(json);
  }

  /** Warns about keys that no table has. */
  finish(): void {
    const document = this.section.document;
    let name = this.section.node + 1;
    for (let left = document.size(this.section.node); left > 0; left--) {
      if (!this.taken.includes(name)) {
        this.section.diagnostics.warn(
          this.section.pathOf(document.text(name).toString()),
          "is not a key of the 2024 prototype for this store and has no effect",
        );
      }
      name = document.next(name + 1);
    }
  }

  /** A reader for the new section. `more`: further members. */
  open(more: string): ConfigReader {
    const section = this.section;
    section.diagnostics.warn(
      section.path,
      "is the 2024 prototype's form, and is read as " + this.target + ": " + this.names.join(", "),
    );
    if (this.names.length == 0) this.out.text('"type":""');
    const document = new JsonDocument();
    document.parse(this.out.raw(Bytes.of(more)).endObject().toBytes());
    return new ConfigReader(document, 0, section.path, section.diagnostics, section.variables);
  }
}
