import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDemand } from "../../../chat/answer-demand";
import { AnswerView } from "../../../chat/answer-view";
import { isEventStreamType, isJsonType } from "../../../http/media-type";
import * as header from "../../../http/names";
import { eventsAsArray } from "../../../http/sse-array";
import { JsonDocument } from "../../../json/document";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { AnswerCapture, JsonCapture, StreamCapture } from "../../form/answer-capture";
import { fillTemplate } from "../../store/template";
import { TokenUsage } from "../../store/usage";
import { AnswerForm, ReplyBody } from "../../form/answer-form";

/** A model's answers in the client's protocol, as JSON and as streams. */
export class ChatForm extends AnswerForm {
  /**
   * `streamsArray`: whether a stream is one JSON array instead of events. `needsReason`: whether an answer
   * must have a finish reason. `demand`: what the request demands of the answer.
   */
  constructor(
    protocol: ClientProtocol,
    private readonly streamsArray: bool = false,
    private readonly needsReason: bool = true,
    private readonly demand: AnswerDemand = new AnswerDemand(),
  ) {
    super(protocol);
  }

  get learnsLife(): bool {
    return true;
  }

  viewAnswer(document: JsonDocument): AnswerView {
    const view = this.protocol.viewAnswer(document);
    view.needsReason = this.needsReason;
    return view;
  }

  demandFault(answer: AnswerView, usage: TokenUsage): string {
    return this.demand.fault(answer, usage.output);
  }

  answerIn(body: Bytes, limit: i32): Bytes | null {
    return this.protocol.answerIn(body, limit);
  }

  capture(type: Bytes, limit: i32, share: ByteShare, includeUsage: bool): AnswerCapture | null {
    if (isEventStreamType(type)) {
      return new StreamCapture(limit, share, this, this.protocol.assembler(limit, includeUsage));
    }
    return isJsonType(type) ? new JsonCapture(limit, share, this) : null;
  }

  /** A template takes precedence over the original form of a chat completion. */
  reply(answer: Bytes, stream: bool, includeUsage: bool, template: Bytes | null): ReplyBody | null {
    const own = this.protocol.isNeutral ? template : null;
    const body = this.bodyOf(answer, stream, includeUsage, own);
    if (body === null) return null;
    const isEvents = stream && !this.streamsArray;
    return new ReplyBody(isEvents ? header.EVENT_STREAM_UTF8 : header.JSON_UTF8, body);
  }

  private bodyOf(
    answer: Bytes,
    stream: bool,
    includeUsage: bool,
    template: Bytes | null,
  ): Bytes | null {
    const protocol = this.protocol;
    if (template === null && !stream && !protocol.isWhole(answer)) return null;
    if (protocol.isNeutral && template === null && !stream) return answer;
    const document = new JsonDocument(min(answer.length >> 4, 4096));
    if (!document.parse(answer)) return null;
    if (stream && template === null) {
      const events = protocol.replay(document, includeUsage);
      return events !== null && this.streamsArray ? eventsAsArray(events) : events;
    }
    const view = this.viewAnswer(document);
    if (view.fault().length > 0) return null;
    if (template === null) return answer;
    return view.hasToolCalls ? null : fillTemplate(template, view.text);
  }
}
