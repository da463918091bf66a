import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../../json/document";
import { nodeAt } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";

/** A vendor's finish reason, and OpenAI's that means the same. */
export class FinishReason {
  readonly word: Bytes;
  readonly meaning: Bytes;

  constructor(word: string, meaning: string) {
    this.word = Bytes.of(word);
    this.meaning = Bytes.of(meaning);
  }
}

/** The meaning of a reason that says that the vendor has broken the answer off. */
export const BROKEN_OFF = "error";

/** A vendor's error code in a response of status 200, and the HTTP status that it means. */
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
  /** Where the usage stands when it is not where OpenAI has it; empty for nowhere else. */
  readonly usagePath: Bytes[] = NOWHERE;
  /** Where the number stands that is not 0 in an error of status 200; empty for none. */
  readonly errorPath: Bytes[] = NOWHERE;
  /** Where the text of such an error stands. */
  readonly messagePath: Bytes[] = NOWHERE;
  /** What such numbers mean; 500 for others. */
  readonly statuses: ErrorStatus[] = NO_STATUSES;
  /** The member of `usage` that counts cached tokens; empty for OpenAI's. */
  readonly cachedMember: Bytes = Bytes.empty();
  /** The member that is the `id` where there is none; empty for none. */
  readonly idMember: Bytes = Bytes.empty();
  /** Whether `finish_reason` may be missing at the end of an answer. */
  readonly lacksFinish: bool = false;

  /** Whether answers are just as OpenAI's. */
  get isEmpty(): bool {
    return (
      this.finishReasons.length == 0 &&
      this.usagePath.length == 0 &&
      this.errorPath.length == 0 &&
      this.cachedMember.length == 0 &&
      this.idMember.length == 0 &&
      !this.lacksFinish
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

  /** The node of the usage where it is not at its usual place, −1 when there is none. */
  usageIn(document: JsonDocument): i32 {
    if (this.usagePath.length == 0) return -1;
    const node = nodeAt(document, this.usagePath);
    return document.kind(node) == Kind.Object ? node : -1;
  }

  /** The vendor's error code in an answer, 0 when it is none. */
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
