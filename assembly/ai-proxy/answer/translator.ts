import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { WithoutReasoning } from "../../chat/encode/without-reasoning";
import { NEUTRAL, neutralDecoder } from "../../protocol/registry";
import { Exchange } from "../exchange/exchange";
import { AnswerEditor } from "./answer-editor";
import { ReasoningMode } from "../config/answer-plan";
import { AnswerRewriter } from "./answer-rewriter";
import { errorAnswer, TOO_LARGE_CODE, TOO_LARGE_WORDS } from "./error-answer";

/** Translates an answer from the vendor's protocol into the client's, streamed or not as requested. */
export class Translator extends AnswerRewriter {
  private readonly encoder: AnswerEncoder;
  private readonly decoder: AnswerDecoder;
  /** Edits applied before decoding; null for none. */
  private readonly before: AnswerEditor | null;
  /** Edits applied after encoding in OpenAI's protocol; null for none. */
  private readonly after: AnswerEditor | null;

  constructor(
    private readonly exchange: Exchange,
    /** Whether a stream is written: as the client requested, except for errors. */
    private readonly writesEvents: bool,
  ) {
    super();
    const encoder = encoderFor(exchange, writesEvents);
    const dialect = exchange.dialect;
    encoder.fallbackModel = exchange.upstreamModel;
    this.encoder = encoder;
    const isNeutral = exchange.protocol.isNeutral;
    let sink: AnswerSink = encoder;
    // Answers for OpenAI's clients are edited afterwards.
    const ignores = exchange.provider.answers.reasoning == ReasoningMode.Ignore;
    if (ignores && !isNeutral) sink = new WithoutReasoning(encoder);
    sink = exchange.protocol.answerSink(encoder, sink, exchange.terms);
    this.decoder =
      dialect !== null ? dialect.decoder(sink, exchange.upstreamModel) : neutralDecoder(sink);
    const editor = editorFor(exchange);
    this.before = dialect === null ? editor : null;
    this.after = dialect !== null && isNeutral ? editor : null;
  }

  whole(body: Bytes): Bytes {
    const before = this.before;
    const edited = before === null ? body : before.whole(body);
    if (before !== null && before.status != 0) {
      this.status = before.status;
      return errorAnswer(edited, this.exchange.protocol, before.status, this.exchange.namesModel);
    }
    this.decoder.whole(edited);
    const answer = this.encoder.take();
    this.status = this.encoder.failedWith;
    if (this.status != 0 && this.writesEvents) {
      return new Translator(this.exchange, false).whole(body);
    }
    return this.edit(answer);
  }

  events(body: Bytes): Bytes {
    if (this.writesEvents) return super.events(body);
    this.read(body);
    this.readEnd();
    this.status = this.encoder.failedWith;
    return this.edit(this.encoder.take());
  }

  push(chunk: Bytes): Bytes {
    this.read(chunk);
    const after = this.after;
    const events = this.encoder.take();
    return after === null ? events : after.push(events);
  }

  get isEnding(): bool {
    return this.decoder.isEnding;
  }

  end(): Bytes {
    this.readEnd();
    const after = this.after;
    const events = this.encoder.take();
    if (after === null) return events;
    const out = new ByteWriter(events.length + 64).bytes(after.push(events));
    return out.bytes(after.end()).toBytes();
  }

  held(): i32 {
    const before = this.before;
    const after = this.after;
    let held = this.decoder.held() + this.encoder.held();
    if (before !== null) held += before.held();
    if (after !== null) held += after.held();
    return held;
  }

  giveUp(): Bytes {
    this.encoder.fail(502, TOO_LARGE_CODE, TOO_LARGE_WORDS);
    return this.encoder.take();
  }

  private read(chunk: Bytes): void {
    const before = this.before;
    this.decoder.push(before === null ? chunk : before.push(chunk));
  }

  private readEnd(): void {
    const before = this.before;
    if (before !== null) this.decoder.push(before.end());
    this.decoder.end();
  }

  /** A complete answer. */
  private edit(answer: Bytes): Bytes {
    const after = this.after;
    if (after === null || this.status != 0) return answer;
    return this.writesEvents ? after.events(answer) : after.whole(answer);
  }
}

/** What edits answers in OpenAI's protocol; null when nothing is to be changed. */
function editorFor(exchange: Exchange): AnswerEditor | null {
  const plan = exchange.provider.answers;
  return plan.isEmpty ? null : new AnswerEditor(plan, NEUTRAL, exchange.dialect === null);
}

function encoderFor(exchange: Exchange, isEvents: bool): AnswerEncoder {
  const protocol = exchange.protocol;
  if (!isEvents) return protocol.wholeEncoder(exchange.terms);
  return protocol.streamEncoder(exchange.terms, exchange.provider.chat.streamUsage);
}
