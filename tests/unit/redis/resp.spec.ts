import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { faultOfError } from "../../../assembly/redis/faults";
import { RespReader, RespValue, writeCommand } from "../../../assembly/redis/resp";

/** Kind and content of the first reply; "none" when it is not complete or not known. */
function first(text: string): string {
  const value: RespValue | null = new RespReader(Bytes.of(text)).next();
  if (value === null) return "none";
  return value.kind.toString() + ":" + value.data.toString() + ":" + value.integer.toString();
}

describe("RESP", () => {
  it("writes commands as arrays of bulk strings", () => {
    const command = writeCommand(new ByteWriter(16), [Bytes.of("GET"), Bytes.of("k\r\né")]);
    expect(command.toBytes().toString()).toBe("*2\r\n$3\r\nGET\r\n$5\r\nk\r\né\r\n");
  });

  it("reads the replies of RESP2 and RESP3", () => {
    expect(first("$5\r\nhe\r\no\r\n")).toBe("1:he\r\no:0");
    expect(first("$0\r\n\r\n")).toBe("1::0");
    expect(first("$-1\r\n")).toBe("0::0");
    expect(first("_\r\n")).toBe("0::0");
    expect(first("+OK\r\n")).toBe("2:OK:0");
    expect(first(":42\r\n")).toBe("3:42:42");
    expect(first(":-1\r\n")).toBe("3:-1:-1");
    expect(first("-ERR no\r\n")).toBe("4:ERR no:0");
    expect(first("#t\r\n")).toBe("2:t:0");
  });

  it("takes nothing short of complete", () => {
    const whole = "$5\r\nhello\r\n";
    for (let i = 0; i < whole.length; i++) expect(first(whole.substring(0, i))).toBe("none");
    expect(first("+OK\r")).toBe("none");
    expect(first("+OK\n")).toBe("none");
    expect(first("$5\r\nhelloX\n")).toBe("none");
    expect(first("$-2\r\n")).toBe("none");
    expect(first("$99999999999999999999\r\nx\r\n")).toBe("none");
    expect(first("$4294967297\r\nx\r\n")).toBe("none");
    expect(first("$2147483647\r\nx\r\n")).toBe("none");
    expect(first(":1x\r\n")).toBe("none");
    expect(first("*1\r\n$1\r\na\r\n")).toBe("none");
    expect(first("HTTP/1.1 400\r\n")).toBe("none");
    expect(first("+" + "x".repeat(10000) + "\r\n")).toBe("none");
  });

  it("reads one reply after another and says when all are read", () => {
    const reader = new RespReader(Bytes.of("+OK\r\n:1\r\n$1\r\na\r\nrest"));
    for (let i = 0; i < 3; i++) {
      expect(reader.next() === null).toBe(false);
      expect(reader.atEnd).toBe(false);
    }
    expect(reader.next() === null).toBe(true);
  });

  it("knows what errors mean", () => {
    expect(faultOfError(Bytes.of("NOAUTH Authentication required."))).toBe("auth");
    expect(faultOfError(Bytes.of("WRONGPASS invalid username-password pair"))).toBe("auth");
    expect(faultOfError(Bytes.of("MOVED 3999 127.0.0.1:6381"))).toBe("moved");
    expect(faultOfError(Bytes.of("LOADING Redis is loading"))).toBe("not-ready");
    expect(faultOfError(Bytes.of("READONLY You can't write"))).toBe("not-ready");
    expect(faultOfError(Bytes.of("ERR unknown command"))).toBe("error");
  });
});
