import { holdsControls, holdsDots } from "../../http/path";
import { Exchange } from "../exchange";
import { needsModel } from "../route/rewrite";
import { refused, RequestEdit } from "./request-body";

/**
 * Refuses a request whose model would lead elsewhere as a segment of the vendor's path. All else that
 * a name holds is sent in escapes.
 */
export function checkModel(exchange: Exchange, edit: RequestEdit): RequestEdit {
  const model = edit.upstreamModel;
  if (edit.error.length > 0 || !needsModel(exchange)) return edit;
  if (!holdsDots(model) && !holdsControls(model)) return edit;
  return refused(edit.body, "this model cannot be named in a path");
}
