import { holdsControls, holdsDots } from "../../http/path";
import { Exchange } from "../exchange/exchange";
import { refused, RequestEdit } from "./request-body";

/** Bytes of a model's name: what AWS takes for the names of its models and profiles, the longest. */
const MAX_MODEL: i32 = 2048;

/**
 * Refuses a request whose model is named by more than any vendor takes, or whose model would lead
 * elsewhere as a segment of the vendor's path. All else that a name holds is sent in escapes.
 */
export function checkModel(exchange: Exchange, edit: RequestEdit): RequestEdit {
  const model = edit.upstreamModel;
  if (edit.error.length > 0) return edit;
  if (max(edit.model.length, model.length) > MAX_MODEL) {
    const words = "the model's name is longer than " + MAX_MODEL.toString() + " bytes";
    return refused(edit.body, words);
  }
  if (!exchange.needsModel && !exchange.isNative) return edit;
  if (!holdsDots(model) && !holdsControls(model)) return edit;
  return refused(edit.body, "this model cannot be named in a path");
}
