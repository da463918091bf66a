import { Bytes } from "../../../proxy-wasm/bytes";
import { MODEL } from "../../../chat/names";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { StreamUnwrapper } from "./stream-unwrapper";
import { MarkForm } from "../../prompt-cache/mark-form";
import { JsonWriter } from "../../../json/writer";

/** A native request in a client protocol, which a vendor accepts at its own path. */
export class NativeRequest {
  constructor(
    /** The vendor's name of the model. */
    readonly model: Bytes,
    /** The client's path and query. */
    readonly target: Bytes,
    /** Whether a stream is requested. */
    readonly stream: bool,
    /** The client's betas of Anthropic's API, comma-separated. */
    readonly betas: Bytes = Bytes.empty(),
  ) {}
}

/**
 * How a vendor accepts native requests of a client's API, for some or all of its models: their target, and
 * the differences in their bodies.
 */
export abstract class NativeApi {
  constructor(
    /** The client's API, an `ApiName`. */
    readonly api: string,
  ) {}

  /**
   * Whether a request is sent natively. `model`: the vendor's name. `target`: the client's path and query.
   */
  takes(_model: Bytes, _target: Bytes): bool {
    return true;
  }

  /** The vendor's path and query. */
  abstract path(request: NativeRequest): Bytes;

  /**
   * The client's betas of Anthropic's API (`anthropic-beta`, comma-separated) that the vendor accepts;
   * empty for none.
   */
  betas(named: Bytes): Bytes {
    return named;
  }

  /** Whether the vendor reads the version of Anthropic's API in a header. */
  get takesVersion(): bool {
    return false;
  }

  /** Whether the events of streams are wrapped in the vendor's frames. */
  get wrapsStreams(): bool {
    return false;
  }

  /** Whether a content type is that of the vendor's streams, where they are not server-sent events. */
  isStreamType(_type: Bytes): bool {
    return false;
  }

  /** Creates the unwrapper of the vendor's stream; null for none. */
  unwrapper(): StreamUnwrapper | null {
    return null;
  }

  /** The vendor's marks for prompt caching; null for none. */
  get marks(): MarkForm | null {
    return null;
  }

  /** Adds the differences of the body; every other byte stays. */
  edit(_document: JsonDocument, _members: ObjectEdit, _request: NativeRequest): void {}
}

/** Sets the vendor's name of the model in a body. */
export function setModel(document: JsonDocument, members: ObjectEdit, model: Bytes): void {
  const node = document.member(0, MODEL);
  if (document.text(node).equals(model)) return;
  members.replace(node, new JsonWriter(model.length + 2).string(model).toBytes());
}
