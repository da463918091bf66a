import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { Splice } from "../../../json/splice";
import { MarkForm } from "../../prompt-cache/mark-form";
import { HOUR_POINT, POINT } from "./cache-points";
import { Char } from "../../../proxy-wasm/char";

/** Parts of the names of the models that support prompt caching. */
export const CLAUDE = Bytes.of("anthropic.claude");
export const NOVA = Bytes.of("amazon.nova");
const SIGN = Bytes.of('"cachePoint"');
const TOOL_CONFIG = Bytes.of("toolConfig");
const TOOLS = Bytes.of("tools");

/** The Converse API's cache markers, which are blocks of their own. */
class PointMarks extends MarkForm {
  /** `knowsTools`: whether the models accept a cache point after the tools. */
  constructor(private readonly knowsTools: bool) {
    super();
  }

  get sign(): Bytes {
    return SIGN;
  }

  tools(document: JsonDocument): i32 {
    return document.member(document.member(0, TOOL_CONFIG), TOOLS);
  }

  system(document: JsonDocument): i32 {
    return document.member(0, names.SYSTEM);
  }

  mark(document: JsonDocument, node: i32, isHour: bool, changes: Splice): void {
    if (document.kind(node) != Kind.Array || document.size(node) == 0) return;
    if (!this.knowsTools && node == this.tools(document)) return;
    const end = document.end(node) - 1;
    const point = isHour ? HOUR_POINT : POINT;
    changes.replace(end, end, new ByteWriter(64).byte(Char.Comma).bytes(point).toBytes());
  }
}

export const CLAUDE_POINTS: MarkForm = new PointMarks(true);
export const NOVA_POINTS: MarkForm = new PointMarks(false);
