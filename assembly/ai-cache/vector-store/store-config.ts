import { HeaderList } from "../../proxy-wasm/header-map";
import { Metric, ScoreForm } from "./score";
import { StoreType } from "./store-type";
import { Char } from "../../proxy-wasm/char";

/** `vector`, as configured. */
export class StoreConfig {
  clusters: string[] = [];
  host: string = "";
  /** Its name, or its identifier if the store uses identifiers. */
  collection: string = "";
  tenant: string = "default_tenant";
  database: string = "default_database";
  metric: Metric = Metric.Cosine;
  /** Number of requested results. */
  topK: i32 = 1;
  /** Elasticsearch's `num_candidates`; 0 for its default. */
  numCandidates: i32 = 0;
  timeoutMs: u32 = 10_000;
  apiVersion: string = "";
  /** Credential and further headers. */
  readonly headers: HeaderList = new HeaderList();
  /** Whether entries have scope, expiry and record: not with closed schemas or in text mode. */
  extraFields: bool = true;

  constructor(readonly type: StoreType) {}

  /** The store's identifier of the collection, "" if it must be looked up. */
  get collectionId(): string {
    return this.type.lookup === null || isUuid(this.collection) ? this.collection : "";
  }

  /** `ScoreForm` of the metric. */
  get form(): ScoreForm {
    return this.type.formOf(this.metric);
  }
}

/** Whether `text` has the form 8-4-4-4-12 of hexadecimal digits. */
export function isUuid(text: string): bool {
  if (text.length != 36) return false;
  for (let i = 0; i < 36; i++) {
    const code = <u32>text.charCodeAt(i);
    const isDash = i == 8 || i == 13 || i == 18 || i == 23;
    const isHex =
      (code >= Char.Zero && code <= Char.Nine) ||
      ((code | 0x20) >= Char.LowerA && (code | 0x20) <= Char.LowerF);
    if (isDash ? code != Char.Hyphen : !isHex) return false;
  }
  return true;
}
