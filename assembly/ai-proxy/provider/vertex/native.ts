import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
import { pathOf, queryOf, withQuery } from "../../../http/url";
import { ApiName } from "../../api/api-name";
import { actionOf } from "../gemini/native";
import { MarkForm, MESSAGE_MARKS } from "../../prompt-cache/mark-form";
import { NativeApi, NativeRequest, setModel } from "../base/native-api";
import { BodyVersion } from "../shared/body-version";
import { Beta, betasOf } from "../shared/betas";
import { fitPlatform } from "../shared/claude-platform";
import { GOOGLE_APIS } from "../gemini/google-apis";
import { ANTHROPIC, GOOGLE, modelPath } from "./model-path";

const CLAUDE = Bytes.of("claude");
export const VERSION = new BodyVersion("anthropic_version", '"vertex-2023-10-16"');
const PREDICT = Bytes.of(":rawPredict");
const STREAM_PREDICT = Bytes.of(":streamRawPredict");
const COUNT_TOKENS = Bytes.of("count-tokens");
const PROJECTS = Bytes.of("/projects/");

/** Requests that libraries send to the Gemini API: the same bodies, at Vertex AI's paths. */
class GoogleNative extends NativeApi {
  /** `base`: before a publisher's models. */
  constructor(
    api: string,
    private readonly base: Bytes,
  ) {
    super(api);
  }

  path(request: NativeRequest): Bytes {
    const path = modelPath(GOOGLE, request.model, actionOf(request.target), this.base);
    return withQuery(path, queryOf(request.target));
  }
}

/** Requests that libraries send in express mode, for an operator whose service account belongs to a project. */
class ExpressNative extends GoogleNative {
  constructor(base: Bytes) {
    super(ApiName.VertexRaw, base);
  }

  takes(_model: Bytes, target: Bytes): bool {
    return pathOf(target).find(PROJECTS) < 0;
  }
}

/**
 * Beta flags of Anthropic's API that Vertex AI accepts, each for some of the models; it rejects requests with
 * any other.
 */
const BETAS: Beta[] = [
  new Beta("claude-code-20250219"),
  new Beta("interleaved-thinking-2025-05-14"),
  new Beta("context-1m-2025-08-07"),
  new Beta("context-management-2025-06-27"),
  new Beta("compact-2026-01-12"),
  new Beta("compact-2026-09-04"),
  new Beta("computer-use-2025-01-24"),
  new Beta("computer-use-2025-11-24"),
  new Beta("dangerous-tool-use-2026-09-03"),
  new Beta("per-turn-control-2026-07-01"),
  new Beta("thinking-binding-controls-2026-08-01"),
  new Beta("thinking-display-updates-2026-08-18"),
  new Beta("tool-search-tool-2025-10-19"),
  new Beta("advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19"),
  new Beta("web-search-2025-03-05"),
];

/** Anthropic's Messages API for Claude's models: the body has the version in place of the model. */
class ClaudeNative extends NativeApi {
  constructor(private readonly base: Bytes) {
    super(ApiName.AnthropicMessages);
  }

  takes(model: Bytes, _target: Bytes): bool {
    return model.startsWith(CLAUDE);
  }

  path(request: NativeRequest): Bytes {
    const action = request.stream ? STREAM_PREDICT : PREDICT;
    return modelPath(ANTHROPIC, request.model, action, this.base);
  }

  betas(named: Bytes): Bytes {
    return betasOf(BETAS, named);
  }

  get marks(): MarkForm | null {
    return MESSAGE_MARKS;
  }

  edit(
    document: JsonDocument,
    members: ObjectEdit,
    changes: Splice,
    _request: NativeRequest,
  ): void {
    fitPlatform(document, members, changes, true);
    VERSION.setForModel(document, members);
  }
}

/** Token counts for Claude's models, at a path without the model, which the body names. */
class ClaudeCount extends NativeApi {
  constructor(private readonly base: Bytes) {
    super(ApiName.AnthropicCountTokens);
  }

  takes(model: Bytes, _target: Bytes): bool {
    return model.startsWith(CLAUDE);
  }

  path(_request: NativeRequest): Bytes {
    return modelPath(ANTHROPIC, COUNT_TOKENS, PREDICT, this.base);
  }

  betas(named: Bytes): Bytes {
    return betasOf(BETAS, named);
  }

  edit(document: JsonDocument, members: ObjectEdit, changes: Splice, request: NativeRequest): void {
    fitPlatform(document, members, changes, true);
    setModel(document, members, request.model);
    VERSION.set(members);
  }
}

/**
 * The APIs that Vertex AI accepts natively. `base`: the path before `/publishers`. `isExpress`: whether it names
 * no project.
 */
export function vertexNatives(base: Bytes, isExpress: bool): NativeApi[] {
  const natives: NativeApi[] = [new ClaudeNative(base), new ClaudeCount(base)];
  if (!isExpress) natives.push(new ExpressNative(base));
  for (let i = 0; i < GOOGLE_APIS.length; i++) natives.push(new GoogleNative(GOOGLE_APIS[i], base));
  return natives;
}
