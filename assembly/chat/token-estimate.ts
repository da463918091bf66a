import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";

/** Bytes per token, averaged over languages and code. */
export const BYTES_PER_TOKEN: i32 = 4;

/** An estimate of a request's tokens, by the bytes of all its texts. Good for progress bars, not for bills. */
export function estimateTokens(body: Bytes): u64 {
  const document = JsonDocument.parse(body);
  let bytes = body.length;
  if (document !== null) {
    bytes = 0;
    for (let node = 0; document.kind(node) != Kind.None; node++) {
      if (document.kind(node) == Kind.String) bytes += document.end(node) - document.start(node);
    }
  }
  return <u64>max(1, (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
}
