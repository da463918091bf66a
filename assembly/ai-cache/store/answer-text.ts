import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";
import { viewAnswer } from "../../protocol/registry";

/** The text of an answer, and its model. */
export class AnswerText {
  constructor(
    readonly text: Bytes,
    readonly model: Bytes,
  ) {}
}

/** Reads an answer's JSON; null when it cannot be read. */
export function answerTextOf(answer: Bytes): AnswerText | null {
  const document = new JsonDocument();
  if (!document.parse(answer)) return null;
  const view = viewAnswer(document);
  return new AnswerText(view.text, view.model);
}
