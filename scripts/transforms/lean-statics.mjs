/**
 * A transform for asc that stores static objects (texts, lists) without the size of a heap block.
 *
 * Only the allocator reads that word, and static objects are not its blocks: the minimal runtime copies one that
 * has to grow (`__renew` in rt/tcms.ts). Its single nonzero byte, among zeros, would cost a data segment of its
 * own for each object, eight bytes more.
 */
import { Transform } from "assemblyscript/transform";

/** The runtime for which this holds. */
const MINIMAL = "~lib/rt/index-minimal";

export default class LeanStatics extends Transform {
  afterInitialize(program) {
    if (!program.filesByName.has(MINIMAL)) throw new Error(`${MINIMAL} is not the runtime`);
    const header = program.OBJECTInstance;
    const write = header.writeField;
    header.writeField = (name, ...rest) => name === "mmInfo" || write.call(header, name, ...rest);
  }
}
