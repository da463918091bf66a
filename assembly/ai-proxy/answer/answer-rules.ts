import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { nodeAt, placeOf } from "../../json/place";
import { parseDecimal } from "../../text/decimal";

/** How a vendor's answers differ from OpenAI's: a part of its row in the provider table. */
export class AnswerRules {
  private readonly words: Bytes[] = [];
  private readonly meanings: Bytes[] = [];
  private readonly usagePaths: Bytes[][] = [];
  private readonly codes: i32[] = [];
  private readonly statuses: i32[] = [];
  /** Where the number stands that tells an error from an answer; empty for none. */
  errorPath: Bytes[] = [];
  messagePath: Bytes[] = [];
  /** The member of `usage` that counts cached tokens; empty for OpenAI's. */
  cachedMember: Bytes = Bytes.empty();
  /** The member that is the `id` where there is none; empty for none. */
  idMember: Bytes = Bytes.empty();
  /** Whether `finish_reason` may be missing at the end of an answer. */
  lacksFinish: bool = false;

  /** The finish reason `word` means what OpenAI calls `meaning`. */
  finish(word: string, meaning: string): void {
    this.words.push(Bytes.of(word));
    this.meanings.push(Bytes.of(meaning));
  }

  /** A further place of the usage. */
  usageAt(path: string[]): void {
    this.usagePaths.push(placeOf(path));
  }

  /** `code` and `message`: where an error inside status 200 has them. */
  errorAt(code: string[], message: string[]): void {
    this.errorPath = placeOf(code);
    this.messagePath = placeOf(message);
  }

  /** The HTTP status of the vendor's error `code`. */
  statusFor(code: i32, status: i32): void {
    this.codes.push(code);
    this.statuses.push(status);
  }

  /** Whether answers are just as OpenAI's. */
  get isEmpty(): bool {
    return (
      this.words.length == 0 &&
      this.usagePaths.length == 0 &&
      this.errorPath.length == 0 &&
      this.cachedMember.length == 0 &&
      this.idMember.length == 0 &&
      !this.lacksFinish
    );
  }

  /** OpenAI's word for a finish reason; null when it is one. */
  meaningOf(word: Bytes): Bytes | null {
    for (let i = 0; i < this.words.length; i++) {
      if (this.words[i].equals(word)) return this.meanings[i];
    }
    return null;
  }

  /** The node of the usage where it is not at its usual place, −1 when there is none. */
  usageIn(document: JsonDocument): i32 {
    for (let i = 0; i < this.usagePaths.length; i++) {
      const node = nodeAt(document, this.usagePaths[i]);
      if (document.kind(node) == Kind.Object) return node;
    }
    return -1;
  }

  /** The vendor's error code in an answer, 0 when it is none. */
  errorIn(document: JsonDocument): i32 {
    if (this.errorPath.length == 0) return 0;
    const node = nodeAt(document, this.errorPath);
    return document.kind(node) == Kind.Number ? <i32>parseDecimal(document.raw(node), 1) : 0;
  }

  /** The HTTP status for a vendor's error code; 500 when it is not in the table. */
  statusOf(code: i32): i32 {
    const index = this.codes.indexOf(code);
    return index < 0 ? 500 : this.statuses[index];
  }
}
