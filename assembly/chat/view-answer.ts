import { JsonDocument } from "../json/document";
import { ChatAnswer } from "./answer";
import { AnswerView } from "./answer-view";
import { ClientProtocol } from "./error-body";
import { MessageAnswer } from "./message-answer";
import { ResponseAnswer } from "./response-answer";

/** A complete answer by the protocol that it is written in. */
export function viewAnswer(document: JsonDocument): AnswerView {
  if (MessageAnswer.is(document)) return new MessageAnswer(document);
  return ResponseAnswer.is(document) ? new ResponseAnswer(document) : new ChatAnswer(document);
}

/** An answer as one of a client's protocol (`ClientProtocol`), whatever it is. */
export function viewOf(document: JsonDocument, protocol: i32): AnswerView {
  if (protocol == ClientProtocol.Anthropic) return new MessageAnswer(document);
  if (protocol == ClientProtocol.Responses) return new ResponseAnswer(document);
  return new ChatAnswer(document);
}
