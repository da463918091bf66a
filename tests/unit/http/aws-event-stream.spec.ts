import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { EventStreamFrames, EventStreamHandler } from "../../../assembly/http/aws-event-stream";
import { crc32 } from "../../../assembly/text/crc32";
import { fromHex } from "../../../assembly/text/hex";

const START =
  "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22726f6c65223a22617373697374616e74227d6fa8c599";
const STOP =
  "0000007a00000051ca2c46650b3a6576656e742d7479706507000b6d65737361676553746f700d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b2273746f70526561736f6e223a22656e645f7475726e227d5fbf09fc";
const EXCEPTION =
  "0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22736c6f7720646f776e227d832ee072";

function bytesOf(hex: string): Bytes {
  const bytes = fromHex(Bytes.of(hex));
  return bytes === null ? Bytes.empty() : bytes;
}

class Collector implements EventStreamHandler {
  told: string = "";

  onMessage(type: Bytes, name: Bytes, payload: Bytes): void {
    this.told += type.toString() + "/" + name.toString() + "/" + payload.toString() + ";";
  }
}

const TOLD =
  'event/messageStart/{"role":"assistant"};' +
  'event/messageStop/{"stopReason":"end_turn"};' +
  'exception/throttlingException/{"message":"slow down"};';

describe("AWS event streams", () => {
  it("CRC-32 of the check value", () => {
    expect(crc32(Bytes.of("123456789"))).toBe(0xcbf43926);
  });

  it("are read in any pieces", () => {
    const all = bytesOf(START + STOP + EXCEPTION);
    for (let size = 1; size < all.length; size += 3) {
      const frames = new EventStreamFrames();
      const seen = new Collector();
      for (let at = 0; at < all.length; at += size) frames.push(all.slice(at, at + size), seen);
      expect(seen.told).toBe(TOLD);
      expect(frames.isComplete).toBe(true);
    }
  });

  it("are broken by any byte that is not right", () => {
    for (let at = 0; at < START.length / 2; at++) {
      const bytes = bytesOf(START + STOP);
      store<u8>(bytes.pointer + <usize>at, bytes.at(at) ^ 0x10);
      const frames = new EventStreamFrames();
      const seen = new Collector();
      frames.push(bytes, seen);
      expect(seen.told).toBe("");
      expect(frames.isComplete).toBe(false);
    }
  });

  it("are not complete in the middle of a message", () => {
    const frames = new EventStreamFrames();
    frames.push(bytesOf(START).slice(0, 100), new Collector());
    expect(frames.isBroken).toBe(false);
    expect(frames.isComplete).toBe(false);
  });
});
