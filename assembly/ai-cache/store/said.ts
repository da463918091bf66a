import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";
import { viewAnswer } from "../../protocol/registry";

/** What an answer says, and which model did. */
export class Said {
  constructor(
    readonly text: Bytes,
    readonly model: Bytes,
  ) {}
}

/** What appears in an answer's JSON; null when it cannot be read. */
export function saidIn(answer: Bytes): Said | null {
  const document = new JsonDocument();
  if (!document.parse(answer)) return null;
  const view = viewAnswer(document);
  return new Said(view.text, view.model);
}
