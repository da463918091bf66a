import { JsonDocument } from "../json/document";
import { ChatAnswer } from "./openai-chat/answer";
import { AnswerView } from "../chat/answer-view";
import { ClientProtocol } from "../chat/error-body";
import { MessagesAnswer } from "./anthropic-messages/answer";
import { ResponsesAnswer } from "./openai-responses/answer";

/** A complete answer by the protocol that it is written in. */
export function viewAnswer(document: JsonDocument): AnswerView {
  if (MessagesAnswer.is(document)) return new MessagesAnswer(document);
  return ResponsesAnswer.is(document) ? new ResponsesAnswer(document) : new ChatAnswer(document);
}

/** An answer as one of a client's protocol (`ClientProtocol`), whatever it is. */
export function viewOf(document: JsonDocument, protocol: i32): AnswerView {
  if (protocol == ClientProtocol.Anthropic) return new MessagesAnswer(document);
  if (protocol == ClientProtocol.Responses) return new ResponsesAnswer(document);
  return new ChatAnswer(document);
}
