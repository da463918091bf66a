import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { encodeSegment } from "../../../http/url";
import { Char } from "../../../proxy-wasm/char";

/** Collections that a client's model name may begin with; the first is the default. */
const COLLECTIONS: Bytes[] = [Bytes.of("models/"), Bytes.of("tunedModels/")];

/** The path of a model and an action, such as `:generateContent`. `version`: of the API. */
export function modelPath(model: Bytes, action: Bytes, version: string): Bytes {
  const out = new ByteWriter(96).byte(Char.Slash).text(version).byte(Char.Slash);
  const collection = collectionOf(model);
  out.bytes(collection).bytes(encodeSegment(nameIn(model, collection)));
  return out.bytes(action).toBytes();
}

/** A model as Gemini names it in bodies: with its collection. */
export function resourceName(model: Bytes): Bytes {
  const collection = collectionOf(model);
  const name = nameIn(model, collection);
  return new ByteWriter(64).bytes(collection).bytes(name).toBytes();
}

function collectionOf(model: Bytes): Bytes {
  for (let i = 0; i < COLLECTIONS.length; i++) {
    if (model.startsWith(COLLECTIONS[i])) return COLLECTIONS[i];
  }
  return COLLECTIONS[0];
}

function nameIn(model: Bytes, collection: Bytes): Bytes {
  return model.startsWith(collection) ? model.slice(collection.length) : model;
}
