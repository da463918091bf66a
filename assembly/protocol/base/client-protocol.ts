import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { JsonDocument, Kind } from "../../json/document";
import { Losses } from "../../chat/losses";
import { RepairTerms } from "../../chat/repair-terms";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { ApiPath } from "./api-path";
import { RequestView } from "./request-view";

/** The purpose of an endpoint. */
export enum Purpose {
  /** A model answers. */
  Answer,
  /** The tokens of a request are counted. */
  CountTokens,
  /** Texts become vectors. */
  Embeddings,
  /** Models are listed. */
  Models,
  /** Anything else, which only providers with the same protocol offer. */
  Other,
}

/** A path of a client protocol. */
export class Endpoint extends ApiPath {
  constructor(
    readonly protocol: ClientProtocol,
    api: string,
    path: string,
    readonly purpose: Purpose,
    skips: i32,
  ) {
    super(api, path, skips);
  }
}

/**
 * A protocol that clients speak: recognises and reads its requests, reads and writes its answers and
 * errors. There is one stateless instance of each, created when the module is loaded (`registry.ts`).
 */
export abstract class ClientProtocol {
  /** In the order in which they are compared. */
  readonly endpoints: Endpoint[] = [];

  /** Those at paths that OpenAI's API has, too, where `isClient` decides. */
  readonly sharedEndpoints: Endpoint[] = [];

  /** Path suffixes that are cached by default. */
  readonly cachedPaths: string[] = [];

  /** Whether this is the neutral form itself, which OpenAI-compatible vendors speak. */
  get isNeutral(): bool {
    return false;
  }

  /** Whether its APIs are not OpenAI's, so that only providers that list them offer them. */
  get isForeign(): bool {
    return false;
  }

  /** The header that names the version of the protocol; empty for none. */
  get versionHeader(): Bytes {
    return Bytes.empty();
  }

  /** The header that lists beta features, comma-separated; empty for none. */
  get betaHeader(): Bytes {
    return Bytes.empty();
  }

  /** The header in which clients look for the answer's identifier; empty for none, or the usual one. */
  get requestIdHeader(): Bytes {
    return Bytes.empty();
  }

  /** Whether the headers show that the client speaks this protocol, where the path does not. */
  isIdentifiedBy(_headers: HeaderSnapshot): bool {
    return false;
  }

  /** Whether headers or query show a client of this protocol, at a path that others have, too. */
  isClient(_headers: HeaderSnapshot): bool {
    return false;
  }

  /** The JSON of an error. `code`: a word that programs can test. */
  abstract errorBody(status: i32, code: string, message: string): Bytes;

  /** Whether a document is an error in this form. */
  abstract isError(document: JsonDocument): bool;

  /**
   * Reads a request for an answer into `document`. Null when it is not one; `document.error` is set if it
   * was not JSON. `target`: its path and query.
   */
  readRequest(body: Bytes, document: JsonDocument, target: Bytes): RequestView | null {
    if (!document.parse(body) || document.kind(0) != Kind.Object) return null;
    const view = this.viewRequest(document, target);
    return view.isComplete() ? view : null;
  }

  /** A view of a request, which is an object. `target`: its path and query. */
  protected abstract viewRequest(document: JsonDocument, target: Bytes): RequestView;

  /** A view of a complete answer, whatever the document is. */
  abstract viewAnswer(document: JsonDocument): AnswerView;

  /** Whether a document is an answer in this protocol. */
  abstract isAnswer(document: JsonDocument): bool;

  /** The model that a path names; empty where bodies name it. `target`: path and query. */
  modelIn(_target: Bytes): Bytes {
    return Bytes.empty();
  }

  /** Whether a path asks for a stream; false where bodies do. */
  streamsAt(_target: Bytes): bool {
    return false;
  }

  /** The part of path and query that decides the answer. */
  scopeOf(target: Bytes): Bytes {
    return target;
  }

  /**
   * The answer in a JSON body: the body itself, unless streams are JSON, too. Null when it cannot be
   * assembled. `limit`: largest answer in bytes.
   */
  answerIn(body: Bytes, _limit: i32): Bytes | null {
    return body;
  }

  /**
   * Creates an assembler for a streamed answer. `limit`: largest answer in bytes. `includeUsage`: whether the
   * client asked for a usage event.
   */
  abstract assembler(limit: i32, includeUsage: bool): AnswerAssembler;

  /** Whether an assembled answer has everything that a client without `stream` expects. */
  isWhole(_answer: Bytes): bool {
    return true;
  }

  /**
   * Replays a complete answer as a stream; null when it has a fault, or cannot be streamed without loss.
   * `includeUsage`: whether the client asked for a usage event.
   */
  abstract replay(document: JsonDocument, includeUsage: bool): Bytes | null;

  /** Converts a request of this protocol into a chat request; if that fails, `conversion.fault` is set. */
  abstract toChat(body: Bytes, conversion: ChatConversion): Bytes;

  /** Whether native requests in this protocol are repaired. */
  get repairsRequests(): bool {
    return false;
  }

  /**
   * Removes from a native request what its vendor rejects and the client cannot know about: what another
   * vendor has signed, repeated results, and content of kinds that it does not know.
   */
  repair(
    _document: JsonDocument,
    _members: ObjectEdit,
    _changes: Splice,
    _losses: Losses,
    _terms: RepairTerms,
  ): void {}

  /**
   * Whether a request uses what only the maker of this protocol offers, so that other services with this
   * protocol reject it.
   */
  requiresOwnVendor(_document: JsonDocument): bool {
    return false;
  }

  /**
   * Converts an embeddings request of this protocol into OpenAI's; if that fails, `conversion.fault` is
   * set.
   */
  toEmbeddings(body: Bytes, conversion: ChatConversion): Bytes {
    conversion.refuse("embeddings are not available in this protocol");
    return body;
  }

  /**
   * Converts OpenAI's list of embeddings into this protocol; empty when it is not such a list. `target`:
   * path and query of the request.
   */
  ofEmbeddings(_list: JsonDocument, _target: Bytes): Bytes {
    return Bytes.empty();
  }

  /**
   * Converts OpenAI's list of models into this protocol, or the one model that the path names; empty if
   * there is none. `target`: path and query of the request.
   */
  ofModels(_list: JsonDocument, _target: Bytes): Bytes {
    return Bytes.empty();
  }

  /**
   * Creates the encoder of a streamed answer. `includeUsage`: whether a usage event is written, where the
   * client decides that.
   */
  abstract streamEncoder(terms: AnswerTerms, includeUsage: bool): AnswerEncoder;

  /** Creates the encoder of an answer in one document. */
  abstract wholeEncoder(terms: AnswerTerms): AnswerEncoder;

  /** Wraps the sink `next`, which leads to `encoder`. */
  answerSink(_encoder: AnswerEncoder, next: AnswerSink, _terms: AnswerTerms): AnswerSink {
    return next;
  }

  /** The answer of the endpoint that counts tokens; empty where there is none. */
  tokenCount(_count: u64): Bytes {
    return Bytes.empty();
  }

  /** Adds an endpoint. `skips`: see `ApiPath`. */
  protected addEndpoint(api: string, path: string, purpose: Purpose, skips: i32 = 1): void {
    this.endpoints.push(new Endpoint(this, api, path, purpose, skips));
  }

  /** Adds an endpoint at a path that OpenAI's API has, too. */
  protected shareEndpoint(api: string, path: string, purpose: Purpose): void {
    this.sharedEndpoints.push(new Endpoint(this, api, path, purpose, 1));
  }
}
