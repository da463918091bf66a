import { HashList } from "../text/hash-list";
import { Units } from "../text/units";
import { Question, questionSize } from "./question";

/** Allocates the block of a question and writes its lists and its text. */
export class QuestionBuilder {
  private readonly buffer: ArrayBuffer;

  constructor(
    readonly numbers: HashList,
    readonly literals: HashList,
    readonly names: HashList,
    tokens: i32,
    private readonly text: Units,
    chinese: bool,
  ) {
    const hashes = numbers.length + literals.length + names.length;
    const size = questionSize(hashes, tokens, text.length, chinese);
    this.buffer = new ArrayBuffer(size);
    const q = this.question;
    q.size = <u32>size;
    q.chinese = chinese;
    q.numberCount = <u16>numbers.length;
    q.literalCount = <u16>literals.length;
    q.nameCount = <u16>names.length;
    q.tokenCount = <u16>tokens;
    q.textLength = <u32>text.length;
  }

  /** The question, valid while the builder's block is reachable. */
  get question(): Question {
    return changetype<Question>(changetype<usize>(this.buffer));
  }

  /** Writes the lists and the text after the head, and returns the block. */
  finish(numbersAt: usize, textAt: usize): ArrayBuffer {
    let p = copyHashes(this.numbers, numbersAt);
    p = copyHashes(this.literals, p);
    copyHashes(this.names, p);
    memory.copy(textAt, this.text.pointerAt(0), (<usize>this.text.length) << 2);
    return this.buffer;
  }
}

function copyHashes(list: HashList, to: usize): usize {
  const bytes = (<usize>list.length) << 3;
  memory.copy(to, list.pointer, bytes);
  return to + bytes;
}
