import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { setValue } from "../../json/set-value";
import { ObjectEdit, replaceString } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Losses } from "../../chat/losses";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { ModelFeatures } from "../features/model-features";
import { ToolNames } from "../../chat/tool-names";
import { NameShape } from "../features/shape-names";
import { MessageShape } from "../features/shape-messages";
import { NativeShape } from "../features/shape-native";
import { RequestShape } from "../features/shape-request";
import { addContext, cleanUp } from "./conversation";
import { withSchemaInstruction } from "./stated-schema";
import { needsResponses } from "./needs-responses";
import { CustomSettings } from "../config/custom-settings";
import { MemberRule } from "../provider/base/member-rule";
import { mergeMessages } from "./merge-messages";
import { findFormModel, isTooLong } from "./multipart";
import { ModelLookup } from "../runtime/model-lookup";
import { Char } from "../../proxy-wasm/char";

const OPTIONS = Bytes.of('{"include_usage":true}');
const USAGE_MEMBER = Bytes.of('"include_usage":true');
const TOOLS = Bytes.of("tools");
const RESPONSE_FORMAT: Bytes[] = [Bytes.of("response_format")];

/** Of a plan that has none. Never written to. */
const NO_SETTINGS = new CustomSettings();
const NO_RULES: MemberRule[] = [];
const NO_COMMANDS: Bytes[] = [];

/** An unknown model. */
const UNKNOWN_MODEL = new ModelFeatures("*");

/** A request body as sent upstream. */
export class RequestEdit {
  /** The fault of the body; empty for none. With a fault, `body` is unchanged. */
  error: string = "";
  /** The kind of fault. */
  code: string = "invalid_json";
  /** The requested model. */
  model: Bytes = Bytes.empty();
  /** The vendor's name of the model. */
  upstreamModel: Bytes = Bytes.empty();
  /** Whether the client requested a stream. */
  stream: bool = false;
  /** What that model accepts. */
  features: ModelFeatures = UNKNOWN_MODEL;
  /** The client's tools by their new names; null if unchanged. */
  tools: ToolNames | null = null;
  /** Whether there are tools. */
  hasTools: bool = false;
  /** `body`, parsed; null when it has not been parsed in its current form. */
  document: JsonDocument | null = null;

  /** The resulting body; shares the client's bytes where possible. */
  out: EditedBytes;

  constructor(body: Bytes) {
    this.out = EditedBytes.of(body);
  }

  /** All of `out`. */
  get body(): Bytes {
    return this.out.whole();
  }

  set body(whole: Bytes) {
    this.out = EditedBytes.of(whole);
    this.document = null;
  }
}

/** A body that cannot be converted for the vendor. `message`: why. */
export function refused(body: Bytes, message: string): RequestEdit {
  const edit = new RequestEdit(body);
  edit.error = message;
  edit.code = "unsupported_request";
  return edit;
}

/** The changes to a request body. */
export class EditPlan {
  /** Values that are set first. */
  settings: CustomSettings = NO_SETTINGS;
  /** JSON that becomes `response_format`; empty leaves the client's. */
  responseFormat: Bytes = Bytes.empty();
  /** Whether usage is requested for streams of chats and completions. */
  askForUsage: bool = false;
  /** The vendor's differences in bodies. */
  rules: MemberRule[] = NO_RULES;
  /** Whether the request is adapted to what the model accepts. */
  isAdapted: bool = false;
  /** Whether the request has been translated from another protocol. */
  isConverted: bool = false;
  /** The client's protocol, if the request is sent in it and it is not OpenAI's chat; else null. */
  native: ClientProtocol | null = null;
  /** Whether the service may be a gateway, which reads what other vendors have signed. */
  keepsSignatures: bool = false;
  /** Whether the request is sent as an Anthropic message. */
  isMessages: bool = false;
  /** Whether a chat may be sent through the Responses API. */
  mayUseResponses: bool = false;
  /** Whether a schema of the answer that the model does not take becomes an instruction here. */
  tellsSchemas: bool = false;
  /** What the translation leaves out. */
  losses: Losses = new Losses();
  /** `contextCleanupCommands`. */
  cleanupCommands: Bytes[] = NO_COMMANDS;
  /** `mergeConsecutiveMessages`. */
  mergeMessages: bool = false;
  /** Text of a further system message; empty for none. */
  context: Bytes = Bytes.empty();

  constructor(readonly models: ModelLookup) {}
}

/** A body that is not translated (`protocol: original`), with only the configured changes. */
export function editOriginal(body: Bytes, settings: CustomSettings): RequestEdit {
  const edit = new RequestEdit(settings.apply(body));
  const document = JsonDocument.parse(edit.body);
  edit.stream = document !== null && document.isTrue(document.member(0, names.STREAM));
  return edit;
}

/**
 * Adapts a request body to the vendor. Only what changes is touched: every other byte, including unknown
 * members, number formats and white space, is kept.
 */
export function editRequest(body: Bytes, plan: EditPlan): RequestEdit {
  const edit = new RequestEdit(body);
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(prepare(body, plan))) {
    edit.error =
      "the request body is not valid: " + document.error + " at byte " + document.offset.toString();
    return edit;
  }
  if (document.kind(0) != Kind.Object) {
    edit.error = "the request body is not a JSON object";
    return edit;
  }
  let model = document.member(0, names.MODEL);
  if (!document.isAbsent(model) && document.kind(model) != Kind.String) {
    edit.error = "model is not a string";
    return edit;
  }
  edit.model = document.text(model);
  edit.upstreamModel = edit.model;
  edit.stream = document.isTrue(document.member(0, names.STREAM));
  const mapped = edit.model.length > 0 ? plan.models.nameOf(edit.model) : null;
  if (mapped !== null) edit.upstreamModel = mapped;
  const native = plan.native;
  const known = plan.isAdapted ? plan.models.featuresOf(edit.upstreamModel) : null;
  if (native === null && plan.tellsSchemas && known !== null) {
    const stated = withSchemaInstruction(document, known);
    if (stated !== null && document.parse(stated)) model = document.member(0, names.MODEL);
  }
  const changes = new Splice(document.source);
  if (mapped !== null) replaceString(document, changes, model, mapped);
  const members = new ObjectEdit(document, 0, changes);
  for (let i = 0; i < plan.rules.length; i++) plan.rules[i].apply(document, members);
  if (plan.askForUsage && edit.stream) askForUsage(document, members, changes);
  if (known !== null) edit.features = known;
  if (plan.mayUseResponses && needsResponses(document, edit.features)) {
    edit.features = edit.features.overResponses();
  }
  if (native !== null) {
    const features = edit.features;
    native.repair(document, members, changes, plan.losses, features.repairTerms());
    if (plan.isMessages) {
      const isMapped = !edit.upstreamModel.equals(edit.model);
      new NativeShape(document, features, members, changes, plan.losses).apply(isMapped);
    }
  } else if (known !== null) {
    shape(document, edit.features, plan, members, changes);
    edit.hasTools = document.size(document.member(0, TOOLS)) > 0;
    // Those of other protocols were renamed by the translation.
    if (!plan.isConverted && !edit.features.anyToolName) edit.tools = fitNames(document, changes);
  }
  members.finish();
  edit.out = changes.edited();
  if (changes.isEmpty) edit.document = document;
  return edit;
}

/** Maps the model in a form. One without a field `model` stays as it is. */
export function editForm(body: Bytes, boundary: Bytes, models: ModelLookup): RequestEdit {
  if (isTooLong(boundary)) return refused(body, "the boundary of the form is longer than 70 bytes");
  const edit = new RequestEdit(body);
  const field = findFormModel(body, boundary);
  if (field === null) return edit;
  edit.model = field.of(body).trim();
  edit.upstreamModel = edit.model;
  const mapped = edit.model.length > 0 ? models.nameOf(edit.model) : null;
  if (mapped === null) return edit;
  edit.upstreamModel = mapped;
  edit.body = field.replace(body, mapped);
  return edit;
}

/** Renames tools to names that the vendor accepts; null if none is renamed. */
function fitNames(document: JsonDocument, changes: Splice): ToolNames | null {
  const shape = new NameShape(document, changes);
  shape.apply();
  return shape.tools;
}

/** Adapts a chat to what the model accepts. */
function shape(
  document: JsonDocument,
  features: ModelFeatures,
  plan: EditPlan,
  members: ObjectEdit,
  changes: Splice,
): void {
  const isConverted = plan.isConverted;
  new RequestShape(document, features, isConverted, members, changes, plan.losses).apply();
  const keeps = plan.keepsSignatures;
  new MessageShape(document, features, isConverted, keeps, members, changes, plan.losses).apply();
}

/** The configured changes, which are made first, whatever the client sent. */
function prepare(body: Bytes, plan: EditPlan): Bytes {
  let prepared = plan.settings.apply(body);
  if (plan.responseFormat.length > 0) {
    prepared = setValue(prepared, RESPONSE_FORMAT, plan.responseFormat, true);
  }
  if (plan.cleanupCommands.length > 0) prepared = cleanUp(prepared, plan.cleanupCommands);
  if (plan.mergeMessages) prepared = mergeMessages(prepared);
  return plan.context.length > 0 ? addContext(prepared, plan.context) : prepared;
}

/** Adds `stream_options.include_usage` unless the client has decided about it. */
function askForUsage(document: JsonDocument, members: ObjectEdit, changes: Splice): void {
  const options = document.member(0, names.STREAM_OPTIONS);
  if (options < 0) {
    members.append(names.STREAM_OPTIONS, OPTIONS);
    return;
  }
  if (document.kind(options) != Kind.Object) return;
  if (document.member(options, names.INCLUDE_USAGE) >= 0) return;
  const at = document.start(options) + 1;
  const member = new ByteWriter(32).bytes(USAGE_MEMBER);
  if (document.size(options) > 0) member.byte(Char.Comma);
  changes.replace(at, at, member.toBytes());
}
