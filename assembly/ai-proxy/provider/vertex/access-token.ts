import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { nowSeconds } from "../../../proxy-wasm/clock";
import { RootContext } from "../../../proxy-wasm/context";
import { HttpCallRequest, HttpCallResponse } from "../../../proxy-wasm/http-call";
import * as header from "../../../http/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { ServiceClient } from "../../../service/service-client";
import { encodeBase64Url } from "../../../text/base64";
import { parseDecimal } from "../../../text/decimal";
import { RsaPrivateKey } from "../../../text/rsa/private-key";
import { AwaitedText } from "../base/awaited-text";
import { FetchedText } from "../base/fetched-text";
import { LiveCredential } from "../base/live-credential";
import { VendorCredential } from "../base/vendor-credential";
import { Char } from "../../../proxy-wasm/char";

const SCOPE = Bytes.of("https://www.googleapis.com/auth/cloud-platform");
const RS256 = Bytes.of("RS256");
const JWT = Bytes.of("JWT");
const ALG = Bytes.of("alg");
const TYP = Bytes.of("typ");
const KID = Bytes.of("kid");
const ISS = Bytes.of("iss");
const SCOPE_CLAIM = Bytes.of("scope");
const AUD = Bytes.of("aud");
const IAT = Bytes.of("iat");
const EXP = Bytes.of("exp");
const LIFE: u64 = 3600;
const FORM = Bytes.of("application/x-www-form-urlencoded");
const GRANT = Bytes.of(
  "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=",
);
const ACCESS_TOKEN = Bytes.of("access_token");
const EXPIRES_IN = Bytes.of("expires_in");
const TIMEOUT_MS: u32 = 10_000;
/** The longest accepted lifetime of a token, whatever its service says, in seconds. */
const LONGEST: i64 = 86_400;

/** A Google service account, as its key file describes it. */
export class ServiceAccount {
  constructor(
    readonly email: Bytes,
    readonly keyId: Bytes,
    readonly key: RsaPrivateKey,
    readonly tokenUri: Bytes,
  ) {}

  /** The signed assertion (RFC 7523) at `now`; null if signing fails. */
  assertion(now: u64): Bytes | null {
    const head = new JsonWriter(96).object().key(ALG).string(RS256).key(TYP).string(JWT);
    const claims = new JsonWriter(256).object().key(ISS).string(this.email);
    claims.key(SCOPE_CLAIM).string(SCOPE).key(AUD).string(this.tokenUri);
    claims
      .key(IAT)
      .number(<i64>now)
      .key(EXP)
      .number(<i64>(now + LIFE));
    const out = new ByteWriter(1024);
    out
      .bytes(encodeBase64Url(head.key(KID).string(this.keyId).endObject().toBytes()))
      .byte(Char.Dot);
    out.bytes(encodeBase64Url(claims.endObject().toBytes()));
    const signature = this.key.sign(out.toBytes());
    if (signature === null) return null;
    return out.byte(Char.Dot).bytes(encodeBase64Url(signature)).toBytes();
  }
}

/** The credential of a service account, for whose token requests wait. */
export class AccountCredential extends VendorCredential {
  constructor(
    readonly account: ServiceAccount,
    readonly clusters: string[],
    /** Host and path of the token endpoint. */
    readonly host: Bytes,
    readonly path: Bytes,
    /** How many seconds before its expiry a token is renewed. */
    readonly ahead: u64,
  ) {
    super();
  }

  get isAwaited(): bool {
    return true;
  }

  open(): LiveCredential | null {
    return new AccountToken(new AccessToken(this));
  }
}

class AccountToken extends LiveCredential {
  constructor(private readonly token: AwaitedText) {
    super();
  }

  get awaited(): AwaitedText | null {
    return this.token;
  }
}

/**
 * An access token for a service account (RFC 7523). Each worker fetches its own, and renews it ahead of its
 * expiry while the old one is still used.
 */
class AccessToken extends FetchedText {
  private text: Bytes | null = null;
  private endsAt: u64 = 0;
  private readonly client: ServiceClient;

  constructor(private readonly credential: AccountCredential) {
    super();
    this.client = new ServiceClient("vertex token", credential.clusters);
  }

  get details(): string {
    return "token_failed";
  }

  get code(): string {
    return "credential_unavailable";
  }

  get message(): string {
    return "could not get an access token for the service account";
  }

  current(root: RootContext): Bytes | null {
    const now = nowSeconds();
    if (this.text === null || now >= this.endsAt) return null;
    if (now + this.credential.ahead >= this.endsAt) this.fetch(root);
    return this.text;
  }

  protected get kind(): string {
    return "token";
  }

  protected get service(): ServiceClient | null {
    return this.client;
  }

  protected get valid(): Bytes | null {
    return nowSeconds() < this.endsAt ? this.text : null;
  }

  protected take(status: i32, response: HttpCallResponse): bool {
    return status == 200 && this.read(response.body());
  }

  private read(body: Bytes): bool {
    const document = JsonDocument.parse(body);
    if (document === null) return false;
    const token = document.text(document.member(0, ACCESS_TOKEN));
    const life = document.member(0, EXPIRES_IN);
    const seconds = document.kind(life) == Kind.Number ? parseDecimal(document.raw(life), 0) : 0;
    if (token.length == 0 || seconds <= 0 || !isHeaderSafe(token)) return false;
    this.text = token.copy();
    this.endsAt = nowSeconds() + <u64>min(seconds, LONGEST);
    return true;
  }

  protected request(): HttpCallRequest | null {
    const credential = this.credential;
    const assertion = credential.account.assertion(nowSeconds());
    if (assertion === null) return null;
    const request = new HttpCallRequest(Bytes.empty(), TIMEOUT_MS);
    request.headers.add(header.METHOD, header.POST).add(header.PATH, credential.path);
    request.headers.add(header.AUTHORITY, credential.host).add(header.CONTENT_TYPE, FORM);
    request.body = new ByteWriter(1024).bytes(GRANT).bytes(assertion).toBytes();
    return request;
  }
}

function isHeaderSafe(token: Bytes): bool {
  for (let i = 0; i < token.length; i++) {
    if (token.at(i) <= Char.Space || token.at(i) >= Char.Delete) return false;
  }
  return true;
}
