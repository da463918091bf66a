import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { AnswerView } from "../../../chat/answer-view";
import { isEventStreamType, isJsonType } from "../../../http/media-type";
import * as header from "../../../http/names";
import { JsonDocument } from "../../../json/document";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { AnswerPaths } from "../../config/answer-paths";
import { AnswerCapture, JsonCapture, StreamCapture } from "../../form/answer-capture";
import { AnswerForm, ReplyBody } from "../../form/answer-form";
import { DEFAULT_STREAM_TEMPLATE, DEFAULT_TEMPLATE, fillTemplate } from "../../store/template";
import { TextAssembler, textAnswerOf } from "./text-assembler";

const TEMPLATE = Bytes.of(DEFAULT_TEMPLATE);
const STREAM_TEMPLATE = Bytes.of(DEFAULT_STREAM_TEMPLATE);

/** Captures the text of a JSON answer and caches it as a chat completion. */
class TextCapture extends JsonCapture {
  constructor(
    limit: i32,
    share: ByteShare,
    form: TextForm,
    private readonly paths: AnswerPaths,
  ) {
    super(limit, share, form);
  }

  protected complete(): Bytes | null {
    const body = super.complete();
    if (body === null) return null;
    const answer = JsonDocument.parse(body);
    if (answer === null) {
      this.fail(AnswerFault.NotJson);
      return null;
    }
    const found = textAnswerOf(answer, this.paths);
    this.fail(found.fault);
    return found.fault.length > 0 ? null : fillTemplate(TEMPLATE, found.text);
  }
}

/** Answers of which only the text is cached, as in the Go plugin: found by paths, replayed with templates. */
export class TextForm extends AnswerForm {
  constructor(
    protocol: ClientProtocol,
    private readonly paths: AnswerPaths,
  ) {
    super(protocol);
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return this.protocol.viewAnswer(document);
  }

  capture(type: Bytes, limit: i32, share: ByteShare, _includeUsage: bool): AnswerCapture | null {
    if (isEventStreamType(type)) {
      return new StreamCapture(limit, share, this, new TextAssembler(limit, this.paths));
    }
    return isJsonType(type) ? new TextCapture(limit, share, this, this.paths) : null;
  }

  reply(answer: Bytes, stream: bool, _usage: bool, template: Bytes | null): ReplyBody | null {
    const document = JsonDocument.parse(answer);
    if (document === null) return null;
    const view = this.viewAnswer(document);
    if (view.fault().length > 0 || view.hasToolCalls) return null;
    const usual = stream ? STREAM_TEMPLATE : TEMPLATE;
    const body = fillTemplate(template === null ? usual : template, view.text);
    return new ReplyBody(stream ? header.EVENT_STREAM_UTF8 : header.JSON_UTF8, body);
  }
}
