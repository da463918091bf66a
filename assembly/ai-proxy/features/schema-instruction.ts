import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";

/** Asks a model without a JSON mode for JSON. */
export const ONLY_JSON = Bytes.of("Answer with a single valid JSON object and nothing else.");
const CONFORMS = Bytes.of(" It conforms to this JSON schema: ");

/** Asks a model that takes no schema for an answer that conforms to one. */
export function schemaInstruction(schema: Bytes): Bytes {
  const text = new ByteWriter(ONLY_JSON.length + CONFORMS.length + schema.length).bytes(ONLY_JSON);
  return text.bytes(CONFORMS).bytes(schema).toBytes();
}
