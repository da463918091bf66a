import { Bytes } from "../../proxy-wasm/bytes";
import { JsonWriter } from "../../json/writer";

const EVENT = Bytes.of("event: ");
const DATA = Bytes.of('\ndata: {"type":"');
const SEQUENCE = Bytes.of('","sequence_number":');
const OUTPUT_INDEX = Bytes.of(',"output_index":');
const END = Bytes.of("}\n\n");

/** Writes the frames of the events of OpenAI's Responses API, each with its number. */
export class ResponseEvents {
  out: JsonWriter;
  private sequence: i64 = 0;

  constructor(capacity: i32) {
    this.out = new JsonWriter(capacity);
  }

  /** Begins an event; its members follow. */
  begin(event: Bytes): JsonWriter {
    this.out.piece(EVENT).piece(event).piece(DATA).piece(event);
    return this.out.piece(SEQUENCE).number(this.sequence++);
  }

  /** Begins an event about the output's item at `place`. */
  beginAt(event: Bytes, place: i32): JsonWriter {
    return this.begin(event).piece(OUTPUT_INDEX).number(place);
  }

  end(): void {
    this.out.piece(END);
  }

  /** What has been written since the last call. */
  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new JsonWriter(this.out.roomForNext);
    return bytes;
  }
}
