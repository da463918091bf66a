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

/** OpenAI's codes for what clients act on. */
export const TOO_LONG = "context_length_exceeded";
export const UNSAFE = "content_policy_violation";

/** A vendor's error code in a response with status 200, and what it means. */
export class ErrorStatus {
  constructor(
    readonly code: i32,
    /** The HTTP status. */
    readonly status: i32,
    /** OpenAI's code; empty for the vendor's. */
    readonly meaning: string = "",
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
  /**
   * Whether an answer with status 200 may be an error in OpenAI's form, or have `null` for its choices.
   * Streams tell errors as events, which clients know.
   */
  readonly reportsErrors: bool = false;
  /** Whether `finish_reason` may be missing at the end of an answer. */
  readonly lacksFinish: bool = false;

  /** Whether a content may be a list of texts and thoughts. */
  readonly listsContent: bool = false;

  /** Whether answers do not differ from OpenAI's. */
  get isEmpty(): bool {
    return !this.reportsErrors && this.keepsEvents;
  }

  /** Whether the events of streams do not differ from OpenAI's. */
  get keepsEvents(): bool {
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
    const known = this.known(code);
    return known === null ? 500 : known.status;
  }

  /** The code that a client gets for a vendor's error code: OpenAI's if it has one, else the vendor's. */
  codeOf(code: i32): string {
    const known = this.known(code);
    return known !== null && known.meaning.length > 0 ? known.meaning : code.toString();
  }

  private known(code: i32): ErrorStatus | null {
    for (let i = 0; i < this.statuses.length; i++) {
      if (this.statuses[i].code == code) return this.statuses[i];
    }
    return null;
  }
}
