import { Bytes } from "../../../proxy-wasm/bytes";
import { pathOf, queryOf } from "../../../http/url";
import { basicDateTime } from "../../../http/date";
import { toHex } from "../../../text/hex";
import { hmacSha256 } from "../../../text/hmac";
import { Sha256 } from "../../../text/sha256";
import { VendorCredential } from "../base/vendor-credential";

const ALGORITHM = "TC3-HMAC-SHA256";
const SERVICE = "hunyuan";
const REQUEST = "tc3_request";
const NAMES = "content-type;host;x-tc-action";

/** The credentials that sign. */
export class TencentCredentials extends VendorCredential {
  constructor(
    readonly id: string,
    readonly key: string,
  ) {
    super();
  }

  get secrets(): Bytes[] {
    return [Bytes.of(this.key)];
  }
}

/**
 * The value of `Authorization` by Tencent Cloud's signature method v3, for a JSON request. `path`: with the
 * query, as sent. `action`: the value of `X-TC-Action`. `seconds`: the value of `X-TC-Timestamp`.
 */
export function tc3Authorization(
  by: TencentCredentials,
  method: string,
  host: string,
  path: Bytes,
  action: string,
  body: Bytes,
  seconds: u64,
): string {
  const day = basicDateTime(seconds);
  const date = day.slice(0, 4) + "-" + day.slice(4, 6) + "-" + day.slice(6, 8);
  const scope = date + "/" + SERVICE + "/" + REQUEST;
  const headers =
    "content-type:application/json\nhost:" + host + "\nx-tc-action:" + action.toLowerCase() + "\n";
  const query = queryOf(path);
  const target =
    pathOf(path).toString() + "\n" + (query.length > 1 ? query.slice(1).toString() : "");
  const canonical = method + "\n" + target + "\n" + headers + "\n" + NAMES + "\n" + hash(body);
  const text =
    ALGORITHM + "\n" + seconds.toString() + "\n" + scope + "\n" + hash(Bytes.of(canonical));
  let key = hmacSha256(Bytes.of("TC3" + by.key), Bytes.of(date));
  key = hmacSha256(key, Bytes.of(SERVICE));
  key = hmacSha256(key, Bytes.of(REQUEST));
  const signature = toHex(hmacSha256(key, Bytes.of(text)));
  return `${ALGORITHM} Credential=${by.id}/${scope}, SignedHeaders=${NAMES}, Signature=${signature}`;
}

function hash(data: Bytes): string {
  return toHex(new Sha256().update(data).digest());
}
