import { HeaderList } from "../../proxy-wasm/header-map";
import { Metric } from "./score";
import { StoreType } from "./store-type";

/** `vector`, as configured. */
export class StoreConfig {
  clusters: string[] = [];
  host: string = "";
  collection: string = "";
  tenant: string = "default_tenant";
  database: string = "default_database";
  /** `Metric`. */
  metric: i32 = Metric.Cosine;
  /** Results that are asked for. */
  topK: i32 = 1;
  /** Candidates that Elasticsearch looks at; 0 for its usual number. */
  numCandidates: i32 = 0;
  timeoutMs: u32 = 10_000;
  apiVersion: string = "";
  /** Credential and further headers. */
  readonly headers: HeaderList = new HeaderList();
  /** Whether entries carry scope, expiry and record: not for closed schemas and not in text mode. */
  extraFields: bool = true;

  constructor(readonly type: StoreType) {}

  /** `ScoreForm` of the metric. */
  get form(): i32 {
    return this.type.forms[this.metric];
  }
}
