import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../../json/document";
import { nodeAt } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";

/** A vendor's finish reason and its equivalent in OpenAI's API. */
export class FinishReason {
  readonly word: Bytes;
  readonly meaning: Bytes;

  constructor(word: string, meaning: string) {
    this.word = Bytes.of(word);
    this.meaning = Bytes.of(meaning);
  }
}

/** The equivalent of a finish reason by which the vendor says that it aborted the answer. */
export const BROKEN_OFF = "error";

/** A vendor's error code in a response with status 200, and the HTTP status that it means. */
export class ErrorStatus {
  constructor(
    readonly code: i32,
    readonly status: i32,
  ) {}
}

const NOWHERE: Bytes[] = [];
const NO_REASONS: FinishReason[] = [];
const NO_STATUSES: ErrorStatus[] = [];

/** How a vendor's responses differ from OpenAI's: part of its row in the provider table. */
export class AnswerRules {
  readonly finishReasons: FinishReason[] = NO_REASONS;
  /** The path of the usage if it is not where OpenAI has it; empty if it is. */
  readonly usagePath: Bytes[] = NOWHERE;
  /** The path of the error code, which is not 0 in an error with status 200; empty if there is no such code. */
  readonly errorPath: Bytes[] = NOWHERE;
  /** The path of such an error's message. */
  readonly messagePath: Bytes[] = NOWHERE;
  /** The HTTP statuses of such codes; 500 for codes not listed. */
  readonly statuses: ErrorStatus[] = NO_STATUSES;
  /** The member of `usage` that counts cached tokens; empty for OpenAI's. */
  readonly cachedMember: Bytes = Bytes.empty();
  /** The member that serves as `id` where the response has none; empty if no member does. */
  readonly idMember: Bytes = Bytes.empty();
  /** Whether `finish_reason` may be missing at the end of an answer. */
  readonly lacksFinish: bool = false;

  /** Whether a content may be a list of texts and thoughts. */
  readonly listsContent: bool = false;

  /** Whether answers do not differ from OpenAI's. */
  get isEmpty(): bool {
    return (
      this.finishReasons.length == 0 &&
      this.usagePath.length == 0 &&
      this.errorPath.length == 0 &&
      this.cachedMember.length == 0 &&
      this.idMember.length == 0 &&
      !this.lacksFinish &&
      !this.listsContent
    );
  }

  /** OpenAI's equivalent of a finish reason; null if it is OpenAI's. */
  meaningOf(word: Bytes): Bytes | null {
    const reasons = this.finishReasons;
    for (let i = 0; i < reasons.length; i++) {
      if (reasons[i].word.equals(word)) return reasons[i].meaning;
    }
    return null;
  }

  /** The node of the usage at the vendor's own path; −1 if there is none. */
  usageIn(document: JsonDocument): i32 {
    if (this.usagePath.length == 0) return -1;
    const node = nodeAt(document, this.usagePath);
    return document.kind(node) == Kind.Object ? node : -1;
  }

  /** The vendor's error code in an answer; 0 if the answer is not an error. */
  errorIn(document: JsonDocument): i32 {
    if (this.errorPath.length == 0) return 0;
    const node = nodeAt(document, this.errorPath);
    return document.kind(node) == Kind.Number ? <i32>parseDecimal(document.raw(node), 1) : 0;
  }

  /** The HTTP status for a vendor's error code; 500 when it is not in the table. */
  statusOf(code: i32): i32 {
    for (let i = 0; i < this.statuses.length; i++) {
      if (this.statuses[i].code == code) return this.statuses[i].status;
    }
    return 500;
  }
}
