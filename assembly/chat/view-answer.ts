import { JsonDocument } from "../json/document";
import { ChatAnswer } from "./answer";
import { AnswerView } from "./answer-view";
import { MessageAnswer } from "./message-answer";

/** A complete answer by the protocol that it is written in. */
export function viewAnswer(document: JsonDocument): AnswerView {
  return MessageAnswer.is(document) ? new MessageAnswer(document) : new ChatAnswer(document);
}
