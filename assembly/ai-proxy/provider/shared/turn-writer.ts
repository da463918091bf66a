import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonBuilder } from "../../../json/builder";

/** Writes the turns of a conversation as an array: neighbours of one role become one turn. */
export class TurnWriter {
  /** Role of the open turn; empty before the first. */
  private role: Bytes = Bytes.empty();

  constructor(
    readonly out: JsonBuilder,
    /** The member of a turn that holds its blocks. */
    private readonly blocks: Bytes = names.CONTENT,
  ) {
    out.array();
  }

  /** Whether there is no turn yet. */
  get isEmpty(): bool {
    return this.role.length == 0;
  }

  /** Begins a block of a turn of `role`; the caller ends it. */
  block(role: Bytes): JsonBuilder {
    if (!this.role.equals(role)) {
      this.endTurn();
      this.role = role;
      this.out.object().key(names.ROLE).string(role).key(this.blocks).array();
    }
    return this.out.object();
  }

  end(): void {
    this.endTurn();
    this.out.endArray();
  }

  private endTurn(): void {
    if (this.role.length > 0) this.out.endArray().endObject();
  }
}
