import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { encodeSegment } from "../../../http/url";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
import { JsonWriter } from "../../../json/writer";
import { ApiName } from "../../api/api-name";
import { MarkForm, MESSAGE_MARKS } from "../../prompt-cache/mark-form";
import { NativeApi, NativeRequest } from "../base/native-api";
import { StreamUnwrapper } from "../base/stream-unwrapper";
import { BodyVersion } from "../shared/body-version";
import { betasOf } from "../shared/betas";
import { fitPlatform } from "../shared/claude-platform";
import { InvokeStream } from "./invoke-stream";
import { BETAS, CLAUDE } from "./mantle";
import { Char } from "../../../proxy-wasm/char";

/** The end of a path that names the operation. */
export const INVOKE = "/invoke";
const MODEL = "{model}";
const STREAM = Bytes.of("-with-response-stream");
const VERSION = new BodyVersion("anthropic_version", '"bedrock-2023-05-31"');
const NAMED_BETAS = Bytes.of("anthropic_beta");
const EVENT_STREAM = Bytes.of("application/vnd.amazon.eventstream");

/**
 * Anthropic's Messages API for Claude's models, by the operation `InvokeModel`: the path names the model and
 * whether a stream is requested, the body has the version and the beta flags.
 */
export class InvokeMessages extends NativeApi {
  private readonly before: Bytes;
  private readonly after: Bytes;

  /** `path`: the operator's, which contains `{model}`. */
  constructor(path: string) {
    super(ApiName.AnthropicMessages);
    const at = path.indexOf(MODEL);
    this.before = Bytes.of(path.slice(0, max(at, 0)));
    this.after = Bytes.of(at < 0 ? path : path.slice(at + MODEL.length));
  }

  takes(model: Bytes, _target: Bytes): bool {
    return model.find(CLAUDE) >= 0;
  }

  path(request: NativeRequest): Bytes {
    const out = new ByteWriter(96).bytes(this.before);
    if (this.before.length > 0) out.bytes(encodeSegment(request.model));
    out.bytes(this.after);
    return request.stream ? out.bytes(STREAM).toBytes() : out.toBytes();
  }

  /** None: they go into the body. */
  betas(_named: Bytes): Bytes {
    return Bytes.empty();
  }

  get marks(): MarkForm | null {
    return MESSAGE_MARKS;
  }

  get wrapsStreams(): bool {
    return true;
  }

  isStreamType(type: Bytes): bool {
    return type.startsWith(EVENT_STREAM);
  }

  unwrapper(): StreamUnwrapper | null {
    return new InvokeStream();
  }

  edit(document: JsonDocument, members: ObjectEdit, changes: Splice, request: NativeRequest): void {
    editForInvoke(document, members, changes, request.betas);
  }
}

/** Makes the operation's body of Anthropic's. `named`: the client's beta flags, comma-separated. */
export function editForInvoke(
  document: JsonDocument,
  members: ObjectEdit,
  changes: Splice,
  named: Bytes,
): void {
  fitPlatform(document, members, changes, false);
  members.drop(names.STREAM);
  VERSION.setForModel(document, members);
  const betas = betasOf(BETAS, named);
  if (betas.length == 0 || document.member(0, NAMED_BETAS) >= 0) return;
  members.append(NAMED_BETAS, listOf(betas));
}

/** Comma-separated names as a JSON array. */
function listOf(named: Bytes): Bytes {
  const out = new JsonWriter(named.length + 16).array();
  let from = 0;
  while (from <= named.length) {
    const comma = named.indexOf(Char.Comma, from);
    const to = comma < 0 ? named.length : comma;
    out.string(named.slice(from, to));
    from = to + 1;
  }
  return out.endArray().toBytes();
}
