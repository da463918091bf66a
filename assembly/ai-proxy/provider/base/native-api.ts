import { Bytes } from "../../../proxy-wasm/bytes";
import { MODEL } from "../../../chat/names";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
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
    /** The client's beta flags of Anthropic's API, comma-separated. */
    readonly betas: Bytes = Bytes.empty(),
  ) {}
}

/**
 * How a vendor accepts a client protocol's requests natively, for some or all of its models: their target,
 * and how their bodies differ.
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
   * Those of the client's beta flags of Anthropic's API (`anthropic-beta`, comma-separated) that the vendor
   * accepts.
   */
  betas(named: Bytes): Bytes {
    return named;
  }

  /** Whether the vendor reads the version of Anthropic's API from a header. */
  get takesVersion(): bool {
    return false;
  }

  /** Whether the vendor wraps a stream's events in frames of its own. */
  get wrapsStreams(): bool {
    return false;
  }

  /** Whether a content type is the vendor's for streams that are not server-sent events. */
  isStreamType(_type: Bytes): bool {
    return false;
  }

  /** Creates the unwrapper of a stream; null if its events are not wrapped. */
  unwrapper(): StreamUnwrapper | null {
    return null;
  }

  /** The vendor's markers for prompt caching; null for none. */
  get marks(): MarkForm | null {
    return null;
  }

  /**
   * Edits the body where the vendor's differs; every other byte stays. `members`: of the body, `changes`: of
   * what is in them.
   */
  edit(
    _document: JsonDocument,
    _members: ObjectEdit,
    _changes: Splice,
    _request: NativeRequest,
  ): void {}
}

/** Sets the body's model to the vendor's name. */
export function setModel(document: JsonDocument, members: ObjectEdit, model: Bytes): void {
  const node = document.member(0, MODEL);
  if (document.text(node).equals(model)) return;
  members.replace(node, new JsonWriter(model.length + 2).string(model).toBytes());
}
