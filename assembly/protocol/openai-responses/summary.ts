import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeBase64, encodeBase64Url } from "../../text/base64";

/** The prefix of this gateway's own summaries. */
const OWN = Bytes.of("aip1:c:");
const INTRODUCTION = Bytes.of("Summary of the conversation so far:\n");

/** A summary of a thread as the client keeps it, opaque. */
export function writeSummary(text: Bytes): Bytes {
  const value = encodeBase64Url(text);
  return new ByteWriter(value.length + OWN.length).bytes(OWN).bytes(value).toBytes();
}

/** The text of a summary for the model; null for another service's. */
export function readSummary(value: Bytes): Bytes | null {
  if (!value.startsWith(OWN)) return null;
  const text = decodeBase64(value.slice(OWN.length));
  if (text === null) return null;
  return new ByteWriter(text.length + 64).bytes(INTRODUCTION).bytes(text).toBytes();
}
