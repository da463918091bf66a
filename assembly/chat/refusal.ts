/** Former refusals, which libraries return in the history. */
import { JsonDocument, Kind } from "../json/document";
import { ObjectEdit } from "../json/object-edit";
import * as names from "./names";

/**
 * Makes the refusal of an assistant's message without content its content, for vendors that know no refusals. `edit`:
 * of the message. Returns whether there was one.
 */
export function refusalAsText(document: JsonDocument, message: i32, edit: ObjectEdit): bool {
  const refusal = document.member(message, names.REFUSAL);
  const content = document.member(message, names.CONTENT);
  if (document.kind(refusal) != Kind.String || !document.isAbsent(content)) return false;
  edit.drop(names.CONTENT);
  edit.rename(refusal, names.CONTENT);
  return true;
}
