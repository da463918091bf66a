import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { JsonDocument, Kind } from "../../json/document";
import { Losses } from "../../chat/losses";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { ApiPath } from "./api-path";
import { RequestView } from "./request-view";

/** What an endpoint is for. */
export enum Purpose {
  /** A model answers. */
  Answer,
  /** The tokens of a request are counted. */
  CountTokens,
  /** Texts become vectors. */
  Embeddings,
  /** Models are listed. */
  Models,
  /** Anything else, which only providers of the same protocol have. */
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
 * A protocol that clients speak: how its requests are recognised and read, and how its answers and errors
 * are read and written. One instance of each, without state, is made when the module is loaded
 * (`registry.ts`).
 */
export abstract class ClientProtocol {
  /** In the order in which they are compared. */
  readonly endpoints: Endpoint[] = [];

  /** Ends of the paths whose answers are cached unless the configuration says which. */
  readonly cachedPaths: string[] = [];

  /** Whether this is the neutral form itself, in which answers are edited and OpenAI's vendors speak. */
  get isNeutral(): bool {
    return false;
  }

  /** Whether its APIs are none of OpenAI's, so that only providers that list them have them. */
  get isForeign(): bool {
    return false;
  }

  /** The header that names the version of the protocol; empty for none. */
  get versionHeader(): Bytes {
    return Bytes.empty();
  }

  /** The header that names what of it is being tried out, with commas between; empty for none. */
  get betaHeader(): Bytes {
    return Bytes.empty();
  }

  /** Whether the headers tell that the client speaks this protocol, where the path does not. */
  isToldBy(_headers: HeaderSnapshot): bool {
    return false;
  }

  /** The JSON of an error. `code`: a word that programs can test. */
  abstract errorBody(status: i32, code: string, message: string): Bytes;

  /** Whether a document is an error in this form. */
  abstract isError(document: JsonDocument): bool;

  /**
   * Reads a request for an answer into `document`. Null when it is none; `document.error` tells whether
   * it was no JSON at all. `target`: the path and query that it was sent to.
   */
  readRequest(body: Bytes, document: JsonDocument, target: Bytes): RequestView | null {
    if (!document.parse(body) || document.kind(0) != Kind.Object) return null;
    const view = this.viewRequest(document, target);
    return view.isComplete() ? view : null;
  }

  /** A view of a request, which is an object. `target`: the path and query that it was sent to. */
  protected abstract viewRequest(document: JsonDocument, target: Bytes): RequestView;

  /** A view of a complete answer, whatever the document is. */
  abstract viewAnswer(document: JsonDocument): AnswerView;

  /** Whether a document has the form of an answer. */
  abstract isAnswer(document: JsonDocument): bool;

  /** The model that a path names; empty where bodies name it. `target`: path and query. */
  modelIn(_target: Bytes): Bytes {
    return Bytes.empty();
  }

  /** Whether a path asks for a stream; false where bodies do. */
  streamsAt(_target: Bytes): bool {
    return false;
  }

  /** What of a path and query decides about the answer. */
  scopeOf(target: Bytes): Bytes {
    return target;
  }

  /**
   * The answer in a JSON body: the body itself, unless streams come as JSON, too. Null when it cannot be
   * put together. `limit`: bytes that the answer may have.
   */
  answerIn(body: Bytes, _limit: i32): Bytes | null {
    return body;
  }

  /**
   * What puts a streamed answer together. `limit`: bytes that the answer may have. `tellsUsage`: whether
   * the client asked for the usage at the end.
   */
  abstract assembler(limit: i32, tellsUsage: bool): AnswerAssembler;

  /** Whether an answer that was put together has all that a client without `stream` expects. */
  isWhole(_answer: Bytes): bool {
    return true;
  }

  /**
   * A complete answer as a stream; null when it is none without fault, or cannot be streamed without
   * losing something. `includeUsage`: whether the client asked for the usage at the end.
   */
  abstract replay(document: JsonDocument, includeUsage: bool): Bytes | null;

  /** The chat request that a request of this protocol means; with `conversion.fault` it means none. */
  abstract toChat(body: Bytes, conversion: ChatConversion): Bytes;

  /** Whether requests that go out in this protocol are mended. */
  get mendsRequests(): bool {
    return false;
  }

  /**
   * Takes out of a request that goes out in this protocol what its vendor refuses and the client cannot know:
   * what another vendor has signed, results that come twice. `signs`: whether the model signs its thoughts and
   * refuses others'.
   */
  mend(
    _document: JsonDocument,
    _members: ObjectEdit,
    _changes: Splice,
    _losses: Losses,
    _signs: bool,
  ): void {}

  /**
   * Whether a request asks for what only the maker of this protocol has, so that others who speak it refuse
   * the request.
   */
  needsItsMaker(_document: JsonDocument): bool {
    return false;
  }

  /**
   * OpenAI's request for the embeddings that a request of this protocol asks for; with `conversion.fault` it
   * asks for none.
   */
  toEmbeddings(body: Bytes, conversion: ChatConversion): Bytes {
    conversion.refuse("embeddings cannot be asked for in this protocol");
    return body;
  }

  /**
   * OpenAI's list of embeddings as this protocol's answer; empty when it is none. `target`: path and query of
   * the request.
   */
  ofEmbeddings(_list: JsonDocument, _target: Bytes): Bytes {
    return Bytes.empty();
  }

  /**
   * OpenAI's list of models as this protocol's, or the one of them that the path asks about; empty where there is
   * none. `target`: path and query of the request.
   */
  ofModels(_list: JsonDocument, _target: Bytes): Bytes {
    return Bytes.empty();
  }

  /** What writes an answer as a stream. `tellsUsage`: whether the usage is told at the end where that is up to the client. */
  abstract streamEncoder(terms: AnswerTerms, tellsUsage: bool): AnswerEncoder;

  /** What writes an answer as one document. */
  abstract wholeEncoder(terms: AnswerTerms): AnswerEncoder;

  /** What is told an answer in place of `next`, which comes to `encoder` in the end. */
  answerSink(_encoder: AnswerEncoder, next: AnswerSink, _terms: AnswerTerms): AnswerSink {
    return next;
  }

  /** The answer to a request at an endpoint that counts tokens; empty where there is none. */
  tokenCount(_count: u64): Bytes {
    return Bytes.empty();
  }

  /** Adds an endpoint. `skips`: see `ApiPath`. */
  protected addEndpoint(api: string, path: string, purpose: Purpose, skips: i32 = 1): void {
    this.endpoints.push(new Endpoint(this, api, path, purpose, skips));
  }
}
