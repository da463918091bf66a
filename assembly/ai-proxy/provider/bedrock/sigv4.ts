import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { EditedBytes } from "../../../proxy-wasm/edited-bytes";
import { hmacSha256 } from "../../../text/hmac";
import { Sha256 } from "../../../text/sha256";
import { toHex } from "../../../text/hex";
import { basicDateTime } from "../../../http/date";
import { pathOf, queryOf, writeEscaped } from "../../../http/url";
import { VendorCredential } from "../base/vendor-credential";
import { Char } from "../../../proxy-wasm/char";

const ALGORITHM = "AWS4-HMAC-SHA256";
const REQUEST = "aws4_request";

/** What signs: an access key, with a session token if there is one. */
export class AwsCredentials extends VendorCredential {
  constructor(
    readonly accessKey: string,
    readonly secretKey: string,
    readonly sessionToken: string,
    readonly region: string,
  ) {
    super();
  }

  get secrets(): Bytes[] {
    return [Bytes.of(this.secretKey), Bytes.of(this.sessionToken)];
  }
}

/** The parts of a request that are signed. `path`: with the query, as sent. */
export class SignedRequest {
  /** `x-amz-date`. */
  readonly date: string;

  constructor(
    readonly service: string,
    readonly method: string,
    readonly host: string,
    readonly path: Bytes,
    readonly body: EditedBytes,
    seconds: u64,
  ) {
    this.date = basicDateTime(seconds);
  }

  /**
   * The value of `Authorization` (AWS Signature Version 4) for a request with the headers `host`,
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
    const out = new ByteWriter(512).text(this.method + "\n");
    writeTwiceEncoded(out, pathOf(this.path));
    out.text(
      "\n" +
        canonicalQuery(queryOf(this.path)) +
        "\nhost:" +
        this.host +
        "\nx-amz-date:" +
        this.date +
        "\n",
    );
    if (by.sessionToken.length > 0) out.text("x-amz-security-token:" + by.sessionToken + "\n");
    const body = this.body;
    const hash = new Sha256().update(body.head).update(body.shared).update(body.tail);
    out.text("\n" + names + "\n" + toHex(hash.digest()));
    return toHex(new Sha256().update(out.toBytes()).digest());
  }
}

/** Every service except S3 signs the path with its segments encoded a second time. */
function writeTwiceEncoded(out: ByteWriter, path: Bytes): void {
  for (let i = 0; i < path.length; i++) {
    const byte = path.at(i);
    if (byte == Char.Slash) out.byte(byte);
    else writeEscaped(out, byte);
  }
}

/** The query in canonical order. `query`: begins with its question mark, or is empty. */
function canonicalQuery(query: Bytes): string {
  if (query.length <= 1) return "";
  const parameters: string[] = [];
  const parts = query.slice(1).toString().split("&");
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length == 0) continue;
    parameters.push(parts[i].includes("=") ? parts[i] : parts[i] + "=");
  }
  parameters.sort();
  return parameters.join("&");
}
