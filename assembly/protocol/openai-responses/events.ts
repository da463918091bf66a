import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

const EVENT = Bytes.of("event: ");
const DATA = Bytes.of('\ndata: {"type":"');
const SEQUENCE = Bytes.of('","sequence_number":');
const OUTPUT_INDEX = Bytes.of(',"output_index":');
const END = Bytes.of("}\n\n");

/** Writes the frames of the events of OpenAI's Responses API, each with its number. */
export class ResponseEvents {
  out: ByteWriter;
  private sequence: u64 = 0;

  constructor(private readonly capacity: i32) {
    this.out = new ByteWriter(capacity);
  }

  /** Begins an event: the members that follow have a comma in front. */
  begin(event: Bytes): ByteWriter {
    this.out.bytes(EVENT).bytes(event).bytes(DATA).bytes(event);
    return this.out.bytes(SEQUENCE).decimal(this.sequence++);
  }

  /** Begins an event about the output's item at `place`. */
  beginAt(event: Bytes, place: i32): ByteWriter {
    return this.begin(event)
      .bytes(OUTPUT_INDEX)
      .decimal(<u64>place);
  }

  end(): void {
    this.out.bytes(END);
  }

  /** What has been written since the last call. */
  take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(min(this.capacity, 1024));
    return bytes;
  }
}
