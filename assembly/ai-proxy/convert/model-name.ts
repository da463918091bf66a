import { holdsControls, holdsDots } from "../../http/path";
import { Exchange } from "../exchange/exchange";
import { refused, RequestEdit } from "./request-body";

/** Longest model name in bytes: AWS' limit for models and profiles, the longest one. */
const MAX_MODEL: i32 = 2048;

/**
 * Rejects a request whose model name is longer than any vendor allows, or would change the vendor's path.
 * Other characters are percent-encoded.
 */
export function checkModel(exchange: Exchange, edit: RequestEdit): RequestEdit {
  const model = edit.upstreamModel;
  if (edit.error.length > 0) return edit;
  if (max(edit.model.length, model.length) > MAX_MODEL) {
    const message = "the model's name is longer than " + MAX_MODEL.toString() + " bytes";
    return refused(edit.body, message);
  }
  if (!exchange.needsModel && !exchange.isNative) return edit;
  if (!holdsDots(model) && !holdsControls(model)) return edit;
  return refused(edit.body, "this model cannot be named in a path");
}
