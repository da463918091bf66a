import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { JsonDocument, Kind } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { ClientProtocol, Purpose } from "../base/client-protocol";
import { RequestView } from "../base/request-view";
import { ExampleAnswer, ExampleAssembler, replayExample } from "./answer";
import { ExampleStreamEncoder, ExampleWholeEncoder } from "./encoders";
import { chatOfExample, ExampleRequest } from "./request";
import { TROUBLE } from "./literals";

const TROUBLE_OPEN = Bytes.of('{"trouble":');

/** A protocol that does not exist: the model is named by the path, lines are spoken. */
export class ExampleProtocol extends ClientProtocol {
  constructor() {
    super();
    this.addEndpoint("example/v1/speak", "/v1/models/*:speak", Purpose.Answer);
    this.cachedPaths.push(":speak");
  }

  get isForeign(): bool {
    return true;
  }

  errorBody(_status: i32, _code: string, message: string): Bytes {
    const out = new JsonWriter(64).piece(TROUBLE_OPEN);
    return out.string(Bytes.of(message)).endObject().toBytes();
  }

  isError(document: JsonDocument): bool {
    return document.kind(document.member(0, TROUBLE)) == Kind.String;
  }

  protected viewRequest(document: JsonDocument, target: Bytes): RequestView {
    return new ExampleRequest(document, target);
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return new ExampleAnswer(document);
  }

  isAnswer(document: JsonDocument): bool {
    return ExampleAnswer.is(document);
  }

  assembler(limit: i32, _tellsUsage: bool): AnswerAssembler {
    return new ExampleAssembler(limit);
  }

  replay(document: JsonDocument, _includeUsage: bool): Bytes | null {
    const answer = new ExampleAnswer(document);
    return answer.fault().length > 0 ? null : replayExample(answer);
  }

  toChat(body: Bytes, conversion: ChatConversion): Bytes {
    return chatOfExample(body, conversion);
  }

  streamEncoder(_terms: AnswerTerms, _tellsUsage: bool): AnswerEncoder {
    return new ExampleStreamEncoder();
  }

  wholeEncoder(_terms: AnswerTerms): AnswerEncoder {
    return new ExampleWholeEncoder();
  }
}
