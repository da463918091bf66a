import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDemand } from "../../chat/answer-demand";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { hasOneOf, keyIsOneOf, onlyHas } from "../../json/keys";
import { LastQuestion, RequestView, tokensAt } from "../base/request-view";
import { isArray, isStream, modelOf } from "./target";
import * as literals from "./literals";
import { Char } from "../../proxy-wasm/char";

/** Vertex AI's billing labels. */
const HARMLESS: Bytes[] = [Bytes.of("labels")];
const STATES: Bytes[] = literals.CACHED_CONTENT.concat([
  Bytes.of("continuationToken"),
  Bytes.of("continuation_token"),
]);
const MAX_OUTPUT_TOKENS: Bytes[] = [Bytes.of("maxOutputTokens"), Bytes.of("max_output_tokens")];
const RESPONSE_TYPE: Bytes[] = [Bytes.of("responseMimeType"), Bytes.of("response_mime_type")];
const JSON_TYPE = Bytes.of("application/json");
const TEXT_MEMBERS: Bytes[] = [literals.TEXT];

/** A view of a `generateContent` request. */
export class GeminiRequest extends RequestView {
  constructor(
    document: JsonDocument,
    private readonly target: Bytes,
  ) {
    super(document, literals.CONTENTS);
  }

  isComplete(): bool {
    return this.model.length > 0 && this.hasTurns();
  }

  protected isTurn(node: i32): bool {
    return this.document.kind(this.document.member(node, literals.PARTS)) == Kind.Array;
  }

  get harmless(): Bytes[] {
    return HARMLESS;
  }

  get stream(): bool {
    return isStream(this.target);
  }

  get streamsArray(): bool {
    return isArray(this.target);
  }

  /** In the path. */
  get isFormClear(): bool {
    return true;
  }

  /** Whatever is not a function is run by Google: search, maps, code execution. */
  get acts(): bool {
    const document = this.document;
    const tools = document.member(0, literals.TOOLS);
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      for (let key = document.first(tool); key >= 0; key = document.after(key + 1)) {
        if (!keyIsOneOf(document, key, literals.DECLARATIONS)) return true;
      }
    }
    return document.kind(tools) == Kind.Object;
  }

  /** The vendor's cache contains the rest of the request, or an answer is continued. */
  get dependsOnState(): bool {
    return hasOneOf(this.document, 0, STATES);
  }

  get model(): Bytes {
    return modelOf(this.target);
  }

  get demand(): AnswerDemand {
    const document = this.document;
    const config = literals.find(document, 0, literals.GENERATION_CONFIG);
    return new AnswerDemand(
      tokensAt(document, literals.find(document, config, MAX_OUTPUT_TOKENS)),
      document.textIs(literals.find(document, config, RESPONSE_TYPE), JSON_TYPE),
    );
  }

  /** Where both forms of a name occur, either may count. */
  get singleChoice(): bool {
    const configs = literals.GENERATION_CONFIG;
    for (let i = 0; i < configs.length; i++) {
      const config = this.document.member(0, configs[i]);
      for (let j = 0; j < literals.CANDIDATE_COUNT.length; j++) {
        if (!this.isOne(this.document.member(config, literals.CANDIDATE_COUNT[j]))) return false;
      }
    }
    return true;
  }

  private isOne(count: i32): bool {
    if (this.document.isAbsent(count)) return true;
    const token = this.document.raw(count);
    return token.length == 1 && token.at(0) == Char.One;
  }

  lastQuestion(): LastQuestion | null {
    const document = this.document;
    const role = document.text(document.member(this.lastTurn, names.ROLE));
    if (role.length > 0 && !role.equals(names.USER)) return null;
    const parts = document.member(this.lastTurn, literals.PARTS);
    const nodes: i32[] = [];
    for (let part = document.first(parts); part >= 0; part = document.after(part)) {
      const text = document.member(part, literals.TEXT);
      if (document.kind(text) != Kind.String) return null;
      if (!onlyHas(document, part, TEXT_MEMBERS)) return null;
      nodes.push(text);
    }
    return nodes.length == 0 ? null : new LastQuestion(document, nodes);
  }
}
