import { Bytes } from "../../proxy-wasm/bytes";
import { Blake2b } from "../../text/blake2b";
import { toHex } from "../../text/hex";
import { idOf } from "../key/entry-id";
import { fingerprintOf, SlotMeta } from "./slot-meta";

/** The kinds of selectors. */
export enum SelectBy {
  Entry = 0,
  Scope = 1,
  Question = 2,
  All = 3,
}

/** Selects entries, in every kind of store. */
export class EntrySelector {
  private readonly fingerprint: u64;

  private constructor(
    readonly by: SelectBy,
    /** The value as stores know it: hexadecimal digits, empty for all. */
    readonly hex: string,
    private readonly bytes: Bytes,
    /** The question's text, else empty. */
    readonly text: Bytes,
  ) {
    this.fingerprint = fingerprintOf(bytes);
  }

  /** `id`: the first eight bytes of a key's digest. Copies of the entry are selected too. */
  static entry(id: Bytes): EntrySelector {
    return new EntrySelector(SelectBy.Entry, toHex(id), id, Bytes.empty());
  }

  /** `scope`: 32 bytes. */
  static scope(scope: Bytes): EntrySelector {
    return new EntrySelector(SelectBy.Scope, toHex(scope), scope, Bytes.empty());
  }

  /** Selects entries of exactly this question, in any scope. */
  static question(text: Bytes): EntrySelector {
    const hash = questionHash(text);
    return new EntrySelector(SelectBy.Question, idOf(hash), hash, text);
  }

  static all(): EntrySelector {
    return new EntrySelector(SelectBy.All, "", Bytes.empty(), Bytes.empty());
  }

  /** Whether an entry of the memory store is selected. */
  matches(meta: SlotMeta): bool {
    if (meta.fingerprint == 0) return false;
    if (this.by == SelectBy.All) return true;
    if (this.by == SelectBy.Scope) return meta.scope.equals(this.bytes);
    if (this.by == SelectBy.Question) return meta.question == this.fingerprint;
    return meta.fingerprint == this.fingerprint || meta.origin == this.fingerprint;
  }
}

/** BLAKE2b-256 of a question's text. */
export function questionHash(question: Bytes): Bytes {
  return Blake2b.digest(question);
}
