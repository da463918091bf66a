import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { hmacSha256 } from "../../../text/hmac";
import { Sha256 } from "../../../text/sha256";
import { toHex } from "../../../text/hex";
import { basicDateTime } from "../../../http/date";
import { writeEscaped } from "../../../http/url";

const ALGORITHM = "AWS4-HMAC-SHA256";
const REQUEST = "aws4_request";
const SLASH: u8 = 0x2f;

/** Who signs: an access key, and the token of a session where there is one. */
export class AwsCredentials {
  constructor(
    readonly accessKey: string,
    readonly secretKey: string,
    readonly sessionToken: string,
    readonly region: string,
  ) {}
}

/** What is signed of a request. `path`: as it goes over the wire. */
export class SignedRequest {
  /** `x-amz-date`. */
  readonly date: string;

  constructor(
    readonly service: string,
    readonly host: string,
    readonly path: Bytes,
    readonly body: Bytes,
    seconds: u64,
  ) {
    this.date = basicDateTime(seconds);
  }

  /**
   * The value of `Authorization` (AWS Signature Version 4) for a POST with the headers `host`,
   * `x-amz-date` and, with a session, `x-amz-security-token`.
   */
  authorization(by: AwsCredentials): string {
    const day = this.date.slice(0, 8);
    const scope = day + "/" + by.region + "/" + this.service + "/" + REQUEST;
    const hasSession = by.sessionToken.length > 0;
    const names = hasSession ? "host;x-amz-date;x-amz-security-token" : "host;x-amz-date";
    const text = ALGORITHM + "\n" + this.date + "\n" + scope + "\n" + this.canonicalHash(by, names);
    let key = hmacSha256(Bytes.of("AWS4" + by.secretKey), Bytes.of(day));
    key = hmacSha256(key, Bytes.of(by.region));
    key = hmacSha256(key, Bytes.of(this.service));
    key = hmacSha256(key, Bytes.of(REQUEST));
    const signature = toHex(hmacSha256(key, Bytes.of(text)));
    return `${ALGORITHM} Credential=${by.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  }

  /** Hash of the canonical request, in hexadecimal digits. */
  canonicalHash(by: AwsCredentials, names: string): string {
    const out = new ByteWriter(512).text("POST\n");
    writeTwiceEncoded(out, this.path);
    out.text("\n\nhost:" + this.host + "\nx-amz-date:" + this.date + "\n");
    if (by.sessionToken.length > 0) out.text("x-amz-security-token:" + by.sessionToken + "\n");
    out.text("\n" + names + "\n" + toHex(new Sha256().update(this.body).digest()));
    return toHex(new Sha256().update(out.toBytes()).digest());
  }
}

/** Every service but S3 signs the path with its segments encoded once more. */
function writeTwiceEncoded(out: ByteWriter, path: Bytes): void {
  for (let i = 0; i < path.length; i++) {
    const byte = path.at(i);
    if (byte == SLASH) out.byte(byte);
    else writeEscaped(out, byte);
  }
}
