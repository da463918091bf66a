/**
 * A transform for asc: static objects (texts, lists) stand in a module without the size of a heap block.
 *
 * Only the allocator reads that word, and static objects are none of its blocks: the minimal runtime copies one
 * that is to grow (`__renew` in rt/tcms.ts). It is one byte, the only one far and wide that is not 0, so that it makes
 * a data segment of its own, of eight bytes more, for each object.
 */
import { Transform } from "assemblyscript/transform";

/** The file of the runtime that this is true of. */
const MINIMAL = "~lib/rt/index-minimal";

export default class LeanStatics extends Transform {
  afterInitialize(program) {
    if (!program.filesByName.has(MINIMAL)) throw new Error(`${MINIMAL} is not the runtime`);
    const header = program.OBJECTInstance;
    const write = header.writeField;
    header.writeField = (name, ...rest) => name === "mmInfo" || write.call(header, name, ...rest);
  }
}
