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

/** An answer from the vendor's protocol into the client's. */
export class Translator extends AnswerRewriter {
  private readonly encoder: AnswerEncoder;
  private readonly decoder: AnswerDecoder;
  /** What is changed in the client's protocol afterwards; null for nothing. */
  private readonly editor: AnswerEditor | null;

  constructor(exchange: Exchange, isEvents: bool) {
    super();
    const encoder = encoderFor(exchange, isEvents);
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
    const editor = this.editor;
    return editor === null || this.status != 0 ? answer : editor.whole(answer);
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
