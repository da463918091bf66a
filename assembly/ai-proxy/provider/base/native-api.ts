import { Bytes } from "../../../proxy-wasm/bytes";
import { MODEL } from "../../../chat/names";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { StreamUnwrapper } from "./stream-unwrapper";
import { MarkForm } from "../../prompt-cache/mark-form";
import { JsonWriter } from "../../../json/writer";

/** A request of a client protocol that a vendor takes as it is, at a path of its own. */
export class NativeRequest {
  constructor(
    /** The vendor's name of the model. */
    readonly model: Bytes,
    /** The client's path and query. */
    readonly target: Bytes,
    /** Whether a stream is requested. */
    readonly stream: bool,
    /** The betas of Anthropic's API that the client names, with commas between them. */
    readonly betas: Bytes = Bytes.empty(),
  ) {}
}

/**
 * How a vendor takes the requests of a client's API as they are, for some of its models or for all: where
 * they go, and the little that their bodies have differently.
 */
export abstract class NativeApi {
  constructor(
    /** The client's API, an `ApiName`. */
    readonly api: string,
  ) {}

  /** Whether a request goes so. `model`: the vendor's name. `target`: the client's path and query. */
  takes(_model: Bytes, _target: Bytes): bool {
    return true;
  }

  /** The vendor's path and query. */
  abstract path(request: NativeRequest): Bytes;

  /**
   * The betas of Anthropic's API (`anthropic-beta`, names with commas between them) that the vendor takes, of
   * those that the client has named; empty for none.
   */
  betas(named: Bytes): Bytes {
    return named;
  }

  /** Whether the vendor reads the version of Anthropic's API in a header. */
  get takesVersion(): bool {
    return false;
  }

  /** Whether the events of streams come in frames of the vendor's. */
  get wrapsStreams(): bool {
    return false;
  }

  /** Whether a content type is that of the vendor's streams, where they are not server-sent events. */
  isStreamType(_type: Bytes): bool {
    return false;
  }

  /** What takes the client's events out of the vendor's stream; null where there are none. */
  unwrapper(): StreamUnwrapper | null {
    return null;
  }

  /** How the vendor is told what of a prompt to keep; null where it is not. */
  get marks(): MarkForm | null {
    return null;
  }

  /** Notes what the body has differently; every other byte of it stays. */
  edit(_document: JsonDocument, _members: ObjectEdit, _request: NativeRequest): void {}
}

/** Returns a body the vendor's name of its model. */
export function setModel(document: JsonDocument, members: ObjectEdit, model: Bytes): void {
  const node = document.member(0, MODEL);
  if (document.text(node).equals(model)) return;
  members.replace(node, new JsonWriter(model.length + 2).string(model).toBytes());
}
