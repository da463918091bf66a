import { Bytes } from "../../../proxy-wasm/bytes";
import { EditedBytes } from "../../../proxy-wasm/edited-bytes";
import { HeaderSnapshot, HeaderWriter } from "../../../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { JsonDocument } from "../../../json/document";
import { Losses } from "../../../chat/losses";
import { MarkForm } from "../../prompt-cache/mark-form";
import { ModelFeatures } from "../../features/model-features";

/** The header by which a client continues a conversation that the vendor stores. */
export const CONVERSATION_ID = Bytes.of("conversationid");

/** The conversion of a chat request in OpenAI's form into a vendor's. */
export class DialectRequest {
  /** What the vendor does not support; empty if it supports everything. */
  fault: string = "";
  /** Whether a lossy translation is an error (`strictTranslation`). */
  isStrict: bool = false;

  constructor(
    /** The request: an object. */
    readonly document: JsonDocument,
    /** The vendor's name of the model. */
    readonly model: Bytes,
    /** Whether a stream is requested. */
    readonly stream: bool,
    /** What the model supports. */
    readonly features: ModelFeatures,
    /** What the translation leaves out. */
    readonly losses: Losses,
  ) {}

  /** Records what the vendor does not support; the first call wins. */
  refuse(message: string): void {
    if (this.fault.length == 0) this.fault = message;
  }

  /** Records a member whose value the vendor does not support. It is left out, or the request is refused if strict. */
  lose(member: Bytes): void {
    this.losses.note(member.toString());
    if (this.isStrict) this.refuse(member.toString() + " cannot be sent to this provider");
  }

  /** Records a message part that the vendor does not support. `type`: the part's type. */
  refusePart(type: Bytes): void {
    this.refuse("a part of type " + type.toString() + " cannot be sent to this provider");
  }
}

/** A request as sent. */
export class OutgoingRequest {
  constructor(
    /** Its headers, except those that `complete` sets. */
    readonly sent: HeaderSnapshot,
    readonly body: EditedBytes,
    readonly stream: bool,
    /** The provider's key that the request uses; empty if it uses none. */
    readonly key: Bytes,
    /** The vendor's name of the model. */
    readonly model: Bytes,
    /** `ApiName`. */
    readonly api: string,
    /** Receives its headers. */
    readonly headers: HeaderWriter,
    /** Whether this module translated it into the vendor's protocol. */
    readonly isOwn: bool,
  ) {}

  get method(): Bytes {
    return this.sent.getOrEmpty(header.METHOD);
  }

  get host(): Bytes {
    return this.sent.getOrEmpty(header.AUTHORITY);
  }

  /** With the query. */
  get path(): Bytes {
    return this.sent.getOrEmpty(header.PATH);
  }
}

const NOTHING: string[] = [];

/** The names of the token limit of an answer. */
export const LIMITS: string[] = ["max_tokens", "max_completion_tokens"];

/** A vendor's native protocol for chats. */
export abstract class Dialect {
  /** Writes the vendor's body; unusable when `request.fault` is set. */
  abstract write(request: DialectRequest): Bytes;

  /** Creates the decoder of the vendor's answers. `model`: the requested one. */
  abstract decoder(sink: AnswerSink, model: Bytes): AnswerDecoder;

  /**
   * Whether `complete` runs for every request, whatever determined its path and body (`protocol:
   * original`, an operator's path, an unknown API).
   */
  get completesAll(): bool {
    return false;
  }

  /** Whether `complete` signs the body, so that the headers are held until the whole body has arrived. */
  get signsBody(): bool {
    return false;
  }

  /** Sets the headers that depend on the final request, such as a signature over it. */
  complete(_request: OutgoingRequest): void {}

  /** The path and query for a model; empty if they do not depend on it. */
  path(_model: Bytes, _stream: bool): Bytes {
    return Bytes.empty();
  }

  /** Sets the headers, besides the key, that the vendor expects on every request. `out`: the upstream headers. */
  setHeaders(_out: HeaderWriter): void {}

  /** Members of a chat request, besides its messages, that the protocol supports. */
  members(_model: Bytes): string[] {
    return NOTHING;
  }

  /** The vendor's markers for prompt caching; null if vendor or model support none. */
  marks(_model: Bytes): MarkForm | null {
    return null;
  }

  /** The standard HTTP status for one that the vendor uses in its own way. */
  statusOf(status: i32): i32 {
    return status;
  }

  /** Whether a content type is the vendor's for streams that are not server-sent events. */
  isStreamType(_type: Bytes): bool {
    return false;
  }

  /** Whether the path depends on the model, so that the headers are held until the body has arrived. */
  get needsModel(): bool {
    return false;
  }
}
