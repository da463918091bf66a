import { Bytes } from "../../proxy-wasm/bytes";
import { parseQuestion } from "../../match/matcher";

/** Questions whose answers a worker stores between two looks at what is new. */
const REMEMBERED: i32 = 8;

/**
 * Parsed questions that this worker has stored and will soon take into its index like those of others: parsing
 * takes longer than anything else there.
 */
export class ParsedQuestions {
  private readonly texts: Bytes[] = [];
  private readonly blocks: ArrayBuffer[] = [];
  private next: i32 = 0;

  /** Keeps the parsed form of a text until eight others have come. */
  remember(text: Bytes, block: ArrayBuffer): void {
    if (this.find(text) >= 0) return;
    if (this.texts.length < REMEMBERED) {
      this.texts.push(text);
      this.blocks.push(block);
      return;
    }
    const at = this.next;
    this.next = (at + 1) % REMEMBERED;
    this.texts[at] = text;
    this.blocks[at] = block;
  }

  /** The parsed form of a text as `parseQuestion` gives it. */
  of(text: Bytes): ArrayBuffer | null {
    const at = this.find(text);
    return at >= 0 ? this.blocks[at] : parseQuestion(text);
  }

  private find(text: Bytes): i32 {
    for (let i = 0; i < this.texts.length; i++) {
      if (this.texts[i].equals(text)) return i;
    }
    return -1;
  }
}
