import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerEncoder } from "../../chat/answer-sink";
import { OpenAiDecoder } from "../../chat/decode/openai";
import { AnthropicStreamEncoder } from "../../chat/encode/anthropic-stream";
import { AnthropicWholeEncoder } from "../../chat/encode/anthropic-whole";
import { OpenAiStreamEncoder } from "../../chat/encode/openai-stream";
import { OpenAiWholeEncoder } from "../../chat/encode/openai-whole";
import { ClientProtocol } from "../../chat/error-body";
import { Exchange } from "../exchange";
import { AnswerEditor } from "./answer-editor";
import { AnswerRewriter } from "./answer-rewriter";

/** An answer from the vendor's protocol into the client's, in the form that the client asked for. */
export class Translator extends AnswerRewriter {
  private readonly encoder: AnswerEncoder;
  private readonly decoder: AnswerDecoder;
  /** What is changed in the client's protocol afterwards; null for nothing. */
  private readonly editor: AnswerEditor | null;

  constructor(
    private readonly exchange: Exchange,
    /** Whether a stream is written; the client's wish, but for errors. */
    private readonly writesEvents: bool,
  ) {
    super();
    const encoder = encoderFor(exchange, writesEvents);
    const dialect = exchange.dialect;
    this.encoder = encoder;
    this.decoder =
      dialect !== null
        ? dialect.decoder(encoder, exchange.upstreamModel)
        : new OpenAiDecoder(encoder);
    const plan = exchange.provider.answers;
    let editor: AnswerEditor | null = null;
    if (!plan.isEmpty && exchange.protocol == ClientProtocol.OpenAi) {
      editor = new AnswerEditor(plan, exchange.protocol);
    }
    this.editor = editor;
  }

  whole(body: Bytes): Bytes {
    this.decoder.whole(body);
    const answer = this.encoder.take();
    this.status = this.encoder.failedWith;
    if (this.status != 0 && this.writesEvents) {
      return new Translator(this.exchange, false).whole(body);
    }
    return this.edit(answer);
  }

  events(body: Bytes): Bytes {
    if (this.writesEvents) return super.events(body);
    this.decoder.push(body);
    this.decoder.end();
    this.status = this.encoder.failedWith;
    return this.edit(this.encoder.take());
  }

  push(chunk: Bytes): Bytes {
    this.decoder.push(chunk);
    const editor = this.editor;
    const events = this.encoder.take();
    return editor === null ? events : editor.push(events);
  }

  end(): Bytes {
    this.decoder.end();
    const editor = this.editor;
    const events = this.encoder.take();
    if (editor === null) return events;
    const out = new ByteWriter(events.length + 64).bytes(editor.push(events));
    return out.bytes(editor.end()).toBytes();
  }

  /** A complete answer. */
  private edit(answer: Bytes): Bytes {
    const editor = this.editor;
    if (editor === null || this.status != 0) return answer;
    return this.writesEvents ? editor.events(answer) : editor.whole(answer);
  }
}

function encoderFor(exchange: Exchange, isEvents: bool): AnswerEncoder {
  const isAnthropic = exchange.protocol == ClientProtocol.Anthropic;
  if (isEvents) {
    if (isAnthropic) return new AnthropicStreamEncoder();
    return new OpenAiStreamEncoder(exchange.provider.streamUsage);
  }
  if (isAnthropic) return new AnthropicWholeEncoder();
  return new OpenAiWholeEncoder();
}
