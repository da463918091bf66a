import { Bytes } from "../../proxy-wasm/bytes";
import { MESSAGES, MODEL } from "../../chat/names";
import { pathOf } from "../../http/url";
import { JsonDocument, Kind } from "../../json/document";
import { RequestView } from "../base/request-view";
import { Char } from "../../proxy-wasm/char";

const CHAT = Bytes.of("/chat/completions");
const DEPLOYMENTS = Bytes.of("/deployments");

/** A view of a chat request. Its model may be in the path only, as with Azure's deployments. */
export class ChatRequest extends RequestView {
  private readonly deployment: Bytes;

  /** `target`: its path and query. */
  constructor(document: JsonDocument, target: Bytes) {
    super(document, MESSAGES);
    this.deployment = deploymentIn(target);
  }

  isComplete(): bool {
    const model = this.document.member(0, MODEL);
    const isNamed = this.document.isAbsent(model)
      ? this.deployment.length > 0
      : this.document.kind(model) == Kind.String;
    return isNamed && this.hasTurns();
  }

  get model(): Bytes {
    const named = this.document.member(0, MODEL);
    return this.document.isAbsent(named) ? this.deployment : this.document.text(named);
  }
}

/** The deployment that a path names (`…/deployments/{name}/chat/completions`); empty when it names none. */
function deploymentIn(target: Bytes): Bytes {
  const path = pathOf(target);
  if (!path.endsWith(CHAT)) return Bytes.empty();
  const head = path.slice(0, path.length - CHAT.length);
  const slash = head.lastIndexOf(Char.Slash);
  if (slash < 0 || !head.slice(0, slash).endsWith(DEPLOYMENTS)) return Bytes.empty();
  return head.slice(slash + 1);
}
