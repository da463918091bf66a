import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";

/** Writes the turns of a conversation as an array: consecutive messages of one role become one turn. */
export class TurnWriter {
  /** Role of the open turn; empty before the first. */
  private role: Bytes = Bytes.empty();

  constructor(
    readonly out: JsonWriter,
    /** The member of a turn that holds its blocks. */
    private readonly blocks: Bytes = names.CONTENT,
    /** The block, as JSON, of the user turn that is added where a conversation needs one; empty to add none. */
    private readonly opening: Bytes = Bytes.empty(),
  ) {
    out.array();
  }

  /** Whether there is no turn yet. */
  get isEmpty(): bool {
    return this.role.length == 0;
  }

  /** Begins a block in a turn of `role`; the caller ends it. */
  block(role: Bytes): JsonWriter {
    if (this.isEmpty && !role.equals(names.USER)) this.open();
    if (!this.role.equals(role)) {
      this.endTurn();
      this.role = role;
      this.out.object().key(names.ROLE).string(role).key(this.blocks).array();
    }
    return this.out.object();
  }

  /** Adds a final user turn unless there is one, for models that cannot continue their own turn. */
  endWithUser(): void {
    if (!this.role.equals(names.USER)) this.open();
  }

  end(): void {
    if (this.isEmpty) this.open();
    this.endTurn();
    this.out.endArray();
  }

  /** Adds the user turn, which asks the model to continue. */
  private open(): void {
    if (this.opening.length == 0) return;
    this.endTurn();
    this.role = names.USER;
    this.out.object().key(names.ROLE).string(names.USER).key(this.blocks).array();
    this.out.raw(this.opening);
  }

  private endTurn(): void {
    if (this.role.length > 0) this.out.endArray().endObject();
  }
}
