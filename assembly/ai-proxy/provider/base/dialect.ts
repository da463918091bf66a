import { Bytes } from "../../../proxy-wasm/bytes";
import { EditedBytes } from "../../../proxy-wasm/edited-bytes";
import { HeaderSnapshot, HeaderWriter } from "../../../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { JsonDocument } from "../../../json/document";
import { Losses } from "../../../chat/losses";
import { MarkForm } from "../../prompt-cache/mark-form";
import { ModelFeatures } from "../../features/model-features";

/** The header by which a client continues with a conversation that the vendor keeps. */
export const CONVERSATION_ID = Bytes.of("conversationid");

/** The conversion of a chat request in OpenAI's form into a vendor's. */
export class DialectRequest {
  /** What the vendor does not support; empty for nothing. */
  fault: string = "";
  /** Whether nothing may be lost (`strictTranslation`). */
  isStrict: bool = false;

  constructor(
    /** The request: an object. */
    readonly document: JsonDocument,
    /** The vendor's name of the model. */
    readonly model: Bytes,
    /** Whether a stream is requested. */
    readonly stream: bool,
    /** What the model accepts. */
    readonly features: ModelFeatures,
    /** What the translation leaves out. */
    readonly losses: Losses,
  ) {}

  /** Records what the vendor does not support; the first one counts. */
  refuse(words: string): void {
    if (this.fault.length == 0) this.fault = words;
  }

  /** Records a member whose value the vendor does not support: it is left out, if allowed. */
  lose(member: Bytes): void {
    this.losses.note(member.toString());
    if (this.isStrict) this.refuse(member.toString() + " cannot be sent to this provider");
  }

  /** Records a part of a message that the vendor does not support. `type`: of the part. */
  refusePart(type: Bytes): void {
    this.refuse("a part of type " + type.toString() + " cannot be sent to this provider");
  }
}

/** A request as sent. */
export class OutgoingRequest {
  constructor(
    /** Its headers, but for those that are to be completed. */
    readonly sent: HeaderSnapshot,
    readonly body: EditedBytes,
    readonly stream: bool,
    /** The provider's key that goes with it; empty for none. */
    readonly key: Bytes,
    /** The vendor's name of the model. */
    readonly model: Bytes,
    /** `ApiName`. */
    readonly api: string,
    /** What its headers are written to. */
    readonly headers: HeaderWriter,
    /** Whether the module has translated it into the vendor's protocol. */
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

/** Names of the limit of an answer. */
export const LIMITS: string[] = ["max_tokens", "max_completion_tokens"];

/** A vendor's native protocol for chats. */
export abstract class Dialect {
  /** Writes the vendor's body; unusable when `request.fault` is set. */
  abstract write(request: DialectRequest): Bytes;

  /** Creates the decoder of the vendor's answers. `model`: the requested one. */
  abstract decoder(sink: AnswerSink, model: Bytes): AnswerDecoder;

  /**
   * Whether `complete` is for every request, whatever has decided its path and its body (`protocol:
   * original`, a path of the operator's, an API that nobody knows).
   */
  get completesAll(): bool {
    return false;
  }

  /** Whether `complete` signs the body, so that the request waits for it. */
  get signsBody(): bool {
    return false;
  }

  /** Sets the headers that depend on the request as it goes out, such as a signature over it. */
  complete(_request: OutgoingRequest): void {}

  /** The path and query for a model, when they depend on it; empty when they do not. */
  path(_model: Bytes, _stream: bool): Bytes {
    return Bytes.empty();
  }

  /** Sets what the vendor wants in the headers of every request beside the key. `out`: those that go on so far. */
  setHeaders(_out: HeaderWriter): void {}

  /** Members of a chat request, besides its messages, that the protocol supports. */
  members(_model: Bytes): string[] {
    return NOTHING;
  }

  /** The vendor's marks for prompt caching; null for none, or if the model does not support it. */
  marks(_model: Bytes): MarkForm | null {
    return null;
  }

  /** The HTTP status for a status that the vendor uses in its own way. */
  statusOf(status: i32): i32 {
    return status;
  }

  /** Whether a content type is that of the vendor's streams, where they are not server-sent events. */
  isStreamType(_type: Bytes): bool {
    return false;
  }

  /** Whether `path` is needed, so that the request waits for its body. */
  get needsModel(): bool {
    return false;
  }
}
