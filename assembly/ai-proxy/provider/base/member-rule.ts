import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { JsonWriter } from "../../../json/writer";

/** The actions of a `MemberRule`. */
enum Action {
  Rename,
  Drop,
  Default,
  ReplaceText,
  Accompany,
  Yield,
  Nest,
}

/**
 * How a vendor treats one member of a request body differently from OpenAI. A rule applies only if the
 * client sent the member; `setting` applies only if it did not.
 */
export class MemberRule {
  private constructor(
    private readonly action: Action,
    private readonly name: Bytes,
    private readonly other: Bytes,
    /** JSON, or the text to replace. */
    private readonly value: Bytes,
    /** Another member to remove. */
    private readonly rival: Bytes = Bytes.empty(),
  ) {}

  /** Renames the member to the vendor's name `to`. If the client sent both, `to` wins and `from` is removed. */
  static renamed(from: string, to: string): MemberRule {
    return new MemberRule(Action.Rename, Bytes.of(from), Bytes.of(to), Bytes.empty());
  }

  /** Removes a member that the vendor rejects. */
  static dropped(name: string): MemberRule {
    return new MemberRule(Action.Drop, Bytes.of(name), Bytes.empty(), Bytes.empty());
  }

  /** Sets a member whose default at the vendor is unsuitable. `value`: JSON. */
  static setting(name: string, value: string): MemberRule {
    return new MemberRule(Action.Default, Bytes.of(name), Bytes.empty(), Bytes.of(value));
  }

  /** Adds `other`, as JSON, to a member that means nothing at the vendor without it. */
  static accompanied(name: string, other: string, value: string): MemberRule {
    return new MemberRule(Action.Accompany, Bytes.of(name), Bytes.of(other), Bytes.of(value));
  }

  /** Removes a member where the client sent `other` too, which the vendor rejects. */
  static yielding(name: string, other: string): MemberRule {
    return new MemberRule(Action.Yield, Bytes.of(name), Bytes.of(other), Bytes.empty());
  }

  /** Replaces the text `from` with the vendor's equivalent `to`, as JSON. */
  static replacing(name: string, from: string, to: string): MemberRule {
    return new MemberRule(Action.ReplaceText, Bytes.of(name), Bytes.of(to), Bytes.of(from));
  }

  /**
   * Moves the value to the member `inner` of an object `other`, unless the client sent `other`; removes
   * `rival` too.
   */
  static nesting(name: string, other: string, inner: string, rival: string): MemberRule {
    const key = Bytes.of(name);
    return new MemberRule(Action.Nest, key, Bytes.of(other), Bytes.of(inner), Bytes.of(rival));
  }

  /** A description of the rule for the documentation. */
  describe(): string {
    const name = "`" + this.name.toString() + "`";
    const other = "`" + this.other.toString() + "`";
    const value = "`" + this.value.toString() + "`";
    switch (this.action) {
      case Action.Drop:
        return name + " removed";
      case Action.Rename:
        return name + " → " + other;
      case Action.Default:
        return name + " is " + value + " unless sent";
      case Action.Accompany:
        return name + " with " + other + " " + value;
      case Action.Yield:
        return name + " removed beside " + other;
      case Action.Nest:
        return name + " → " + other + "." + value;
      default:
        return name + " " + value + " → " + other;
    }
  }

  /** Applies the rule to the object at the root. */
  apply(document: JsonDocument, edit: ObjectEdit): void {
    const node = document.member(0, this.name);
    if (this.action == Action.Default) {
      if (node < 0) edit.append(this.name, this.value);
      return;
    }
    if (node < 0) return;
    switch (this.action) {
      case Action.Drop:
        edit.drop(this.name);
        break;
      case Action.Rename:
        if (document.member(0, this.other) >= 0) edit.drop(this.name);
        else edit.rename(node, this.other);
        break;
      case Action.Accompany:
        if (document.member(0, this.other) < 0) edit.append(this.other, this.value);
        break;
      case Action.Yield:
        if (document.member(0, this.other) >= 0) edit.drop(this.name);
        break;
      case Action.Nest:
        if (document.member(0, this.other) < 0) {
          edit.append(this.other, nested(this.value, document.raw(node)));
        }
        edit.drop(this.rival);
        edit.drop(this.name);
        break;
      default:
        if (document.text(node).equals(this.value)) edit.replace(node, this.other);
    }
  }
}

/** For vendors that know the limit of an answer by its former name. */
export const MAX_TOKENS = MemberRule.renamed("max_completion_tokens", "max_tokens");

function nested(name: Bytes, value: Bytes): Bytes {
  const out = new JsonWriter(value.length + 32).object().escapedKey(name);
  return out.raw(value).endObject().toBytes();
}
