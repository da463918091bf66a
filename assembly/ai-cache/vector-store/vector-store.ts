import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds, nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HttpCall, HttpCallResponse } from "../../proxy-wasm/http-call";
import { CallStart, ServiceClient } from "../../service/service-client";
import { Sha256 } from "../../text/sha256";
import { toHex } from "../../text/hex";
import { countVector } from "../metrics";
import { Reason } from "../reasons";
import { fillRequest, Places } from "./request";
import { ReplyReader, StoredAnswer } from "./reply";
import { StoreConfig } from "./store-config";

const EXTRA = ',"scope":"<S>","exp":<E>,"v":1';
const EXTRA_RECORD = EXTRA + ',"record":"<R>"';
const NUL = Bytes.of("\0");

/** Waits for what a search finds. */
export abstract class ResultListener {
  /** Runs once. `results`: null when the search failed, and `fault` is a `Reason`. */
  abstract onResults(results: StoredAnswer[] | null, fault: string): void;
}

/** Questions by their vectors in an outside store. */
export class VectorStore {
  /** For the calls. */
  readonly reader: ReplyReader;
  private readonly client: ServiceClient;

  constructor(private readonly config: StoreConfig) {
    this.reader = new ReplyReader(config);
    this.client = new ServiceClient("vector store " + config.type.name, config.clusters);
  }

  /**
   * Searches near `vector` (a JSON array) in a scope (hex). Empty: `listener` runs. Else a `Reason`.
   */
  query(root: RootContext, vector: Bytes, scope: string, listener: ResultListener): string {
    const type = this.config.type;
    const places = new Places();
    places.vector = vector;
    places.scope = scope;
    places.now = nowSeconds();
    if (this.config.extraFields) {
      places.filter = type.filter;
      places.extra = type.queryExtra;
    }
    const call = new Query(this, listener);
    const started = this.client.start(root, call, fillRequest(this.config, type.query, places));
    return reasonOfStart(started);
  }

  /** Writes an entry; nobody waits. `record`: base64, empty for none. `expires`: 0 for never. */
  put(
    root: RootContext,
    vector: Bytes,
    scope: string,
    question: Bytes,
    answer: Bytes,
    record: Bytes,
    expires: u64,
  ): void {
    const type = this.config.type;
    const places = new Places();
    places.vector = vector;
    places.scope = scope;
    places.question = question;
    places.answer = answer;
    places.id = entryUuid(scope, question);
    places.expires = expires == 0 ? type.never : expires;
    let request = type.put;
    if (this.config.extraFields) {
      places.record = record;
      const fits = record.length > 0 && record.length <= type.maxRecordBytes;
      places.extra = fits ? EXTRA_RECORD : EXTRA;
    } else {
      const textForm = type.putText;
      if (textForm !== null) request = textForm;
    }
    this.client.start(root, new Update(this, "put"), fillRequest(this.config, request, places));
  }

  /** Deletes the entry of a question; nobody waits. */
  remove(root: RootContext, scope: string, question: Bytes): void {
    const places = new Places();
    places.id = entryUuid(scope, question);
    const request = fillRequest(this.config, this.config.type.remove, places);
    this.client.start(root, new Update(this, "delete"), request);
  }

  /** For the calls: whether the store did what it was asked; a `Reason` when not. */
  judge(response: HttpCallResponse): string {
    const status = response.failed ? 0 : response.status;
    let fault = "";
    if (status == 0 || status == 503) fault = Reason.ErrorVectorUnreachable;
    else if (status == 504) fault = Reason.ErrorVectorTimeout;
    else if (status < 200 || status >= 300) fault = Reason.ErrorVectorStatus;
    if (fault.length == 0) this.client.succeeded();
    else this.client.failed(status == 504, fault + ", status " + status.toString());
    return fault;
  }
}

class Query extends HttpCall {
  private readonly started: u64 = nowMilliseconds();

  constructor(
    private readonly store: VectorStore,
    private readonly listener: ResultListener,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    let fault = this.store.judge(response);
    let results: StoredAnswer[] | null = null;
    if (fault.length == 0) {
      results = this.store.reader.results(response.body());
      if (results === null) fault = Reason.ErrorVectorReply;
    }
    countVector("query", fault.length == 0 ? "ok" : fault, nowMilliseconds() - this.started);
    this.listener.onResults(results, fault);
  }
}

class Update extends HttpCall {
  private readonly started: u64 = nowMilliseconds();

  constructor(
    private readonly store: VectorStore,
    private readonly operation: string,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    let fault = this.store.judge(response);
    const isDone = fault.length > 0 || this.store.reader.isDone(response.body());
    if (!isDone) fault = Reason.ErrorVectorReply;
    const result = fault.length == 0 ? "ok" : fault;
    countVector(this.operation, result, nowMilliseconds() - this.started);
  }
}

/** An identifier by scope and question: a UUID of the form 5 from SHA-256, so that writing again overwrites. */
export function entryUuid(scope: string, question: Bytes): string {
  const hash = new Sha256().update(Bytes.of(scope)).update(NUL).update(question).digest();
  store<u8>(hash.pointer + 6, (hash.at(6) & 0x0f) | 0x50);
  store<u8>(hash.pointer + 8, (hash.at(8) & 0x3f) | 0x80);
  const hex = toHex(hash.slice(0, 16));
  return (
    hex.slice(0, 8) +
    "-" +
    hex.slice(8, 12) +
    "-" +
    hex.slice(12, 16) +
    "-" +
    hex.slice(16, 20) +
    "-" +
    hex.slice(20)
  );
}

function reasonOfStart(start: i32): string {
  if (start == CallStart.Started) return "";
  if (start == CallStart.NoCluster) return Reason.ErrorVectorNoCluster;
  return start == CallStart.Refused ? Reason.ErrorVectorUnreachable : Reason.ErrorVectorOpen;
}
