import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { pathOf } from "../../http/url";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { LastQuestion, RequestView } from "../base/request-view";
import { LINES, LIVE } from "./literals";

const HARMLESS: Bytes[] = [LIVE];
const ACTION = Bytes.of(":speak");
const SLASH: u8 = 0x2f;

/** The model that a path names. */
function modelOf(target: Bytes): Bytes {
  const path = pathOf(target);
  const name = path.slice(path.lastIndexOf(SLASH) + 1);
  return name.endsWith(ACTION) ? name.slice(0, name.length - ACTION.length) : Bytes.empty();
}

export class ExampleRequest extends RequestView {
  constructor(
    document: JsonDocument,
    private readonly target: Bytes,
  ) {
    super(document, LINES);
  }

  isComplete(): bool {
    return this.model.length > 0 && this.hasTurns();
  }

  protected isTurn(node: i32): bool {
    return this.document.kind(node) == Kind.String;
  }

  get harmless(): Bytes[] {
    return HARMLESS;
  }

  get stream(): bool {
    return this.document.isTrue(this.document.member(0, LIVE));
  }

  get model(): Bytes {
    return modelOf(this.target);
  }

  lastQuestion(): LastQuestion | null {
    return new LastQuestion(this.document, [this.lastTurn]);
  }
}

/** The chat request that a request means: each line is a user's. */
export function chatOfExample(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument();
  const isObject = document.parse(body) && document.kind(0) == Kind.Object;
  const view = new ExampleRequest(document, conversion.target);
  if (!isObject || !view.isComplete()) {
    conversion.refuse("a model and lines are needed");
    return body;
  }
  const out = new JsonWriter(body.length + 256).object().key(names.MODEL).string(view.model);
  out.key(names.STREAM).bool(view.stream).key(names.MESSAGES).array();
  for (let line = document.first(view.turns); line >= 0; line = document.after(line)) {
    out.object().key(names.ROLE).string(names.USER);
    out.key(names.CONTENT).string(document.text(line)).endObject();
  }
  return out.endArray().endObject().toBytes();
}
