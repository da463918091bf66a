import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HttpCall, HttpCallResponse } from "../../proxy-wasm/http-call";
import { CallStart, ServiceClient } from "../../service/service-client";
import { Sha256 } from "../../text/sha256";
import { toHex } from "../../text/hex";
import { idOf } from "../key/entry-id";
import { CacheKey } from "../key/cache-key";
import { countVector } from "../report/metrics";
import { Reason } from "../report/reasons";
import { EntrySelector, questionHash, SelectBy } from "../store/entry-selector";
import { fillRequest, Places } from "./request";
import { ReplyReader, StoredAnswer } from "./reply";
import { StoreConfig } from "./store-config";
import { StoreRequest } from "./store-type";

/** Marks our entries. */
const OWNER = "ai-cache";
const EXTRA = ',"scope":"<S>","exp":<E>,"v":1,"entry":"<I>","asked":"<H>","owner":"' + OWNER + '"';
const EXTRA_RECORD = EXTRA + ',"record":"<R>"';
const NUL = Bytes.of("\0");

/** Receives the results of a search. */
export abstract class ResultListener {
  /** Runs once. `results`: null when the search failed, and `fault` is a `Reason`. */
  abstract onResults(results: StoredAnswer[] | null, fault: string): void;
}

/** Receives the result of a purge. */
export abstract class PurgeListener {
  /** Runs once. `fault`: a `Reason`, empty on success. */
  abstract onPurged(fault: string): void;
}

/** A client for an external vector store. */
export class VectorStore {
  /** For the calls. */
  readonly reader: ReplyReader;
  private readonly client: ServiceClient;
  /** The store's identifier, "" if it must be looked up. */
  private collection: string;

  constructor(private readonly config: StoreConfig) {
    this.reader = new ReplyReader(config);
    this.collection = config.collectionId;
    this.client = new ServiceClient("vector store " + config.type.name, config.clusters);
  }

  /** The type of the store. */
  get name(): string {
    return this.config.type.name;
  }

  /**
   * Searches for vectors similar to `vector` (a JSON array) in a scope (hex). Empty: `listener` will run.
   * Else a `Reason`.
   */
  query(root: RootContext, vector: Bytes, scope: string, listener: ResultListener): string {
    const type = this.config.type;
    const places = new Places();
    places.vector = vector;
    places.scope = scope;
    if (this.config.extraFields) {
      places.filter = type.filter;
      places.extra = type.queryExtra;
    }
    const started = this.send(root, new Query(this, listener), type.query, places);
    return reasonOfStart(started);
  }

  /** Writes an entry in the background. `record`: base64, empty for none. `expires`: 0 for never. */
  put(
    root: RootContext,
    vector: Bytes,
    scope: string,
    key: CacheKey,
    answer: Bytes,
    record: Bytes,
    expires: u64,
  ): void {
    const question = key.question;
    const type = this.config.type;
    const places = new Places();
    places.vector = vector;
    places.scope = scope;
    places.question = question;
    places.answer = answer;
    places.id = entryUuid(scope, question);
    places.expires = expires;
    let request = type.put;
    if (this.config.extraFields) {
      places.record = record;
      places.entry = idOf(key.digest);
      places.asked = idOf(questionHash(question));
      const fits = record.length > 0 && record.length <= type.maxRecordBytes;
      places.extra = fits ? EXTRA_RECORD : EXTRA;
    } else {
      const textForm = type.putText;
      if (textForm !== null) request = textForm;
    }
    this.send(root, new Update(this, "put"), request, places);
  }

  /** Deletes the entry of a question in the background. */
  remove(root: RootContext, scope: string, question: Bytes): void {
    const places = new Places();
    places.id = entryUuid(scope, question);
    this.send(root, new Update(this, "delete"), this.config.type.remove, places);
  }

  /**
   * Deletes the entries that `selector` selects. Empty: `listener` will run. Else a `Reason`. Only entries
   * with extra fields can be selected.
   */
  purge(root: RootContext, selector: EntrySelector, listener: PurgeListener): string {
    const places = new Places();
    places.property = propertyOf(selector.by);
    places.value = selector.by == SelectBy.All ? OWNER : selector.hex;
    const started = this.send(root, new Purge(this, listener), this.config.type.removeBy, places);
    return reasonOfStart(started);
  }

  /** Whether entries have the fields that `purge` selects by. */
  get canPurge(): bool {
    return this.config.extraFields;
  }

  /** Starts a call, after a look-up of its collection if needed. */
  private send(
    root: RootContext,
    call: StoreCall,
    request: StoreRequest,
    places: Places,
  ): CallStart {
    places.collection = this.collection;
    const lookup = this.config.type.lookup;
    if (lookup !== null && this.collection.length == 0) {
      places.collection = this.config.collection;
      const first = new Lookup(this, root, call, request, places);
      return this.client.start(root, first, fillRequest(this.config, lookup, places));
    }
    return this.client.start(root, call, fillRequest(this.config, request, places));
  }

  /** For `Lookup`: continues the call that waited for the identifier. */
  resume(
    id: string,
    root: RootContext,
    call: StoreCall,
    request: StoreRequest,
    places: Places,
  ): void {
    this.collection = id;
    const started = this.send(root, call, request, places);
    if (started != CallStart.Started) call.finish(reasonOfStart(started));
  }

  /** For the calls: reports the result of one. `fault`: a `Reason`, empty on success. */
  ended(status: i32, fault: string): void {
    if (fault.length == 0) this.client.succeeded();
    else this.client.failed(status == 504, fault + ", status " + status.toString());
    // A recreated collection has another identifier.
    if (status == 404) this.collection = this.config.collectionId;
  }
}

abstract class StoreCall extends HttpCall {
  private readonly started: u64 = nowMilliseconds();

  constructor(
    protected readonly store: VectorStore,
    private readonly operation: string,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    const status = statusOf(response);
    let fault = faultOfStatus(status);
    if (fault.length == 0) fault = this.read(response.body());
    this.store.ended(status, fault);
    this.finish(fault);
  }

  /** Ends the call; `fault`: a `Reason`, empty when it did what it should. */
  finish(fault: string): void {
    const result = fault.length == 0 ? "ok" : fault;
    countVector(this.operation, result, nowMilliseconds() - this.started);
    this.onEnd(fault);
  }

  /** Takes the body of a success; a `Reason` when it is not what it should be. */
  protected abstract read(body: Bytes): string;

  protected abstract onEnd(fault: string): void;
}

/** Asks for the identifier of the collection that another call needs. */
class Lookup extends HttpCall {
  constructor(
    private readonly store: VectorStore,
    private readonly root: RootContext,
    private readonly call: StoreCall,
    private readonly request: StoreRequest,
    private readonly places: Places,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    const status = statusOf(response);
    let fault = faultOfStatus(status);
    const id = fault.length == 0 ? this.store.reader.collectionId(response.body()) : "";
    if (fault.length == 0 && id.length == 0) fault = Reason.ErrorVectorReply;
    this.store.ended(status, fault);
    if (fault.length > 0) this.call.finish(fault);
    else this.store.resume(id, this.root, this.call, this.request, this.places);
  }
}

class Query extends StoreCall {
  private results: StoredAnswer[] | null = null;

  constructor(
    store: VectorStore,
    private readonly listener: ResultListener,
  ) {
    super(store, "query");
  }

  protected read(body: Bytes): string {
    this.results = this.store.reader.results(body);
    return this.results === null ? Reason.ErrorVectorReply : "";
  }

  protected onEnd(fault: string): void {
    this.listener.onResults(this.results, fault);
  }
}

class Update extends StoreCall {
  protected read(body: Bytes): string {
    return this.store.reader.isDone(body) ? "" : Reason.ErrorVectorReply;
  }

  protected onEnd(_fault: string): void {}
}

class Purge extends Update {
  constructor(
    store: VectorStore,
    private readonly listener: PurgeListener,
  ) {
    super(store, "purge");
  }

  protected onEnd(fault: string): void {
    this.listener.onPurged(fault);
  }
}

/** 0 when the call failed without a reply. */
function statusOf(response: HttpCallResponse): i32 {
  return response.failed ? 0 : response.status;
}

/** A `Reason`, empty for a status that says success. */
function faultOfStatus(status: i32): string {
  if (status == 0 || status == 503) return Reason.ErrorVectorUnreachable;
  if (status == 504) return Reason.ErrorVectorTimeout;
  return status < 200 || status >= 300 ? Reason.ErrorVectorStatus : "";
}

/** The field that says what entries are chosen by. */
function propertyOf(by: SelectBy): string {
  if (by == SelectBy.Entry) return "entry";
  if (by == SelectBy.Scope) return "scope";
  return by == SelectBy.Question ? "asked" : "owner";
}

/** An identifier by scope and question: a UUID of the form 5 from SHA-256, so that writing again overwrites. */
function entryUuid(scope: string, question: Bytes): string {
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

function reasonOfStart(start: CallStart): string {
  if (start == CallStart.Started) return "";
  if (start == CallStart.NoCluster) return Reason.ErrorVectorNoCluster;
  return start == CallStart.Refused ? Reason.ErrorVectorUnreachable : Reason.ErrorVectorOpen;
}
