import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { encodeSegment } from "../../../http/url";
import { Char } from "../../../proxy-wasm/char";

const PUBLISHERS = Bytes.of("/publishers/");
const MODELS = Bytes.of("/models/");

export const GOOGLE = Bytes.of("google");
export const ANTHROPIC = Bytes.of("anthropic");

/** The path of a publisher's model and an action, such as `:predict`. `base`: the path before `/publishers`. */
export function modelPath(publisher: Bytes, model: Bytes, action: Bytes, base: Bytes): Bytes {
  const out = new ByteWriter(160).bytes(base).bytes(PUBLISHERS).bytes(publisher);
  return out.bytes(MODELS).bytes(encodeModel(model)).bytes(action).toBytes();
}

/** A model as a path segment, in which `@` is not encoded. */
function encodeModel(model: Bytes): Bytes {
  const at = model.indexOf(Char.At);
  if (at < 0) return encodeSegment(model);
  const out = new ByteWriter(model.length + 8).bytes(encodeSegment(model.slice(0, at)));
  return out
    .byte(Char.At)
    .bytes(encodeSegment(model.slice(at + 1)))
    .toBytes();
}
