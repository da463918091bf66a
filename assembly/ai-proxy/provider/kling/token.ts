import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { encodeBase64Url } from "../../../text/base64";
import { hmacSha256 } from "../../../text/hmac";
import { JsonWriter } from "../../../json/writer";
import { LiveCredential } from "../base/live-credential";
import { VendorCredential } from "../base/vendor-credential";
import { Char } from "../../../proxy-wasm/char";

const HEAD = Bytes.of('{"alg":"HS256","typ":"JWT"}');
const ISS = Bytes.of("iss");
const EXP = Bytes.of("exp");
const NBF = Bytes.of("nbf");
/** A token's lifetime, and the clock skew that it allows, in seconds. */
const LIFE: u64 = 1800;
const SKEW: u64 = 5;

/** An access key of Kling's, which signs its own tokens. */
export class KlingAccess extends VendorCredential {
  constructor(
    readonly accessKey: Bytes,
    readonly secretKey: Bytes,
    /** How many seconds before its expiry a token is replaced. */
    readonly ahead: u64,
  ) {
    super();
  }

  get secrets(): Bytes[] {
    return [this.secretKey];
  }

  open(): LiveCredential | null {
    return new KlingToken(this);
  }
}

/** The token that an access key signs: a JWT with HS256 (RFC 7519). */
class KlingToken extends LiveCredential {
  private token: Bytes = Bytes.empty();
  private expires: u64 = 0;

  constructor(private readonly access: KlingAccess) {
    super();
  }

  get secrets(): Bytes[] {
    return [this.token];
  }

  keyAt(now: u64): Bytes {
    const access = this.access;
    if (now + access.ahead < this.expires) return this.token;
    this.expires = now + LIFE;
    const claims = new JsonWriter(96).object().key(ISS).string(access.accessKey);
    claims
      .key(EXP)
      .number(<i64>this.expires)
      .key(NBF)
      .number(<i64>(now - SKEW));
    const out = new ByteWriter(256).bytes(encodeBase64Url(HEAD)).byte(Char.Dot);
    out.bytes(encodeBase64Url(claims.endObject().toBytes()));
    const signature = hmacSha256(access.secretKey, out.toBytes().copy());
    this.token = out.byte(Char.Dot).bytes(encodeBase64Url(signature)).toBytes();
    return this.token;
  }
}
