import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { JsonWriter } from "../../../json/writer";

/** The version of a protocol, where a platform expects it in the body. */
export class BodyVersion {
  private readonly name: Bytes;
  private readonly value: Bytes;

  /** `value`: JSON. */
  constructor(name: string, value: string) {
    this.name = Bytes.of(name);
    this.value = Bytes.of(value);
  }

  /** Writes it into a request that is made here. */
  write(out: JsonWriter): JsonWriter {
    return out.key(this.name).raw(this.value);
  }

  /** Adds the version, or replaces the one that is there. */
  set(members: ObjectEdit): void {
    members.set(this.name, this.value);
  }

  /**
   * Does so where the path names the model and the body must not. The version stands where the model did, mostly in
   * front: what is behind it need not be written again.
   */
  setForModel(document: JsonDocument, members: ObjectEdit): void {
    if (document.member(0, this.name) < 0) {
      members.substitute(names.MODEL, this.name, this.value);
      return;
    }
    members.drop(names.MODEL);
    this.set(members);
  }
}
