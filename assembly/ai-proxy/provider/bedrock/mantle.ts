import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
import { MarkForm, MESSAGE_MARKS } from "../../prompt-cache/mark-form";
import { NativeApi, NativeRequest, setModel } from "../base/native-api";
import { Beta, betasOf } from "../shared/betas";
import { fitPlatform } from "../shared/claude-platform";

/** The prefix of the endpoint's hosts, and its service name in signatures. */
export const MANTLE = "bedrock-mantle";
/** Part of the name of each of Claude's models. */
export const CLAUDE = Bytes.of("claude");

/** Beta flags of Anthropic's API that Bedrock accepts, each for some of the models. */
export const BETAS: Beta[] = [
  new Beta("claude-code-20250219"),
  new Beta("compact-2026-01-12"),
  new Beta("computer-use-2025-01-24"),
  new Beta("computer-use-2025-11-24"),
  new Beta("context-1m-2025-08-07"),
  new Beta("context-management-2025-06-27"),
  new Beta("dangerous-tool-use-2026-09-03"),
  new Beta("effort-2025-11-24"),
  new Beta("fine-grained-tool-streaming-2025-05-14"),
  new Beta("interleaved-thinking-2025-05-14"),
  new Beta("output-128k-2025-02-19"),
  new Beta("per-turn-control-2026-07-01"),
  new Beta("structured-outputs-2025-11-13"),
  new Beta("thinking-binding-controls-2026-08-01"),
  new Beta("thinking-display-updates-2026-08-18"),
  new Beta("token-efficient-tools-2025-02-19"),
  new Beta("tool-examples-2025-10-29"),
  new Beta("tool-search-tool-2025-10-19"),
  new Beta("advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19"),
  new Beta("web-search-2025-03-05"),
];

/** An API of Anthropic's for Claude's models, at Bedrock's endpoint for other vendors' protocols. */
export class MantleNative extends NativeApi {
  constructor(
    api: string,
    private readonly at: Bytes,
  ) {
    super(api);
  }

  takes(model: Bytes, _target: Bytes): bool {
    return model.find(CLAUDE) >= 0;
  }

  path(_request: NativeRequest): Bytes {
    return this.at;
  }

  get marks(): MarkForm | null {
    return MESSAGE_MARKS;
  }

  get takesVersion(): bool {
    return true;
  }

  betas(named: Bytes): Bytes {
    return betasOf(BETAS, named);
  }

  edit(document: JsonDocument, members: ObjectEdit, changes: Splice, request: NativeRequest): void {
    fitPlatform(document, members, changes, false);
    setModel(document, members, request.model);
  }
}
