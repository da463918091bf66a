import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { LastQuestion, RequestView } from "../../protocol/base/request-view";
import { CanonicalWriter } from "../../json/canonical";
import { JsonDocument } from "../../json/document";
import { Blake2b } from "../../text/blake2b";
import * as names from "../../chat/names";
import { isInstruction } from "../../chat/role";

/** Longer questions are matched exactly only, and their text is not kept. */
const MAX_QUESTION_BYTES: i32 = 8192;
const TEXT_MODE = Bytes.of("text\0");
const SCOPE = Bytes.of("scope");
const STANDALONE = Bytes.of("standalone");
/** All requests of `keyMode: text` share one scope. */
const TEXT_SCOPE = Blake2b.digest(TEXT_MODE);

/** The key of a request. */
export class CacheKey {
  constructor(
    /** BLAKE2b-256 of everything that decides the answer except the question: 32 bytes. */
    readonly scope: Bytes,
    /**
     * What entries must share to be matched semantically: the scope or, where self-contained turns are
     * matched across histories, the same without the turns: 32 bytes.
     */
    readonly partition: Bytes,
    /**
     * The last user turn's text; empty when it is long or contains more than text, and then it is matched
     * exactly only.
     */
    readonly question: Bytes,
    /** BLAKE2b-256 of scope and question: 32 bytes. */
    readonly digest: Bytes,
    /** In `keyMode: text` the whole key; else empty. */
    readonly text: Bytes = Bytes.empty(),
  ) {}

  /** The key of `keyMode: text`: only the text, as in the Go plugin. */
  static ofText(text: Bytes): CacheKey {
    const digest = Blake2b.begin().update(TEXT_MODE).update(text).digest();
    const isShort = text.length <= MAX_QUESTION_BYTES;
    const question = isShort ? text : Bytes.empty();
    return new CacheKey(TEXT_SCOPE, TEXT_SCOPE, question, digest, text);
  }
}

/**
 * A key without the fingerprint of what answers at the request's place, which may be known only with the
 * answer. Contains digests and the question's text, not the body.
 */
export class KeyDraft {
  private constructor(
    /** Tenant, place and headers: see `readRequestScope`. */
    readonly requestScope: Bytes,
    /** Digest of the body without the question. */
    private readonly form: Bytes,
    /** Digest of the body without the turns; empty where turns count. */
    private readonly frame: Bytes,
    private readonly question: Bytes,
    /** Digest of the question; empty when there is none. */
    private readonly wording: Bytes,
    /** In `keyMode: text` the whole key; else null. */
    private readonly text: Bytes | null,
  ) {}

  /**
   * Of a request in its scope (`readRequestScope`). Null when an object of the body repeats a key: which
   * value counts depends on the vendor's parser. `standalone`: whether self-contained turns are matched
   * across histories.
   */
  static of(request: RequestView, requestScope: Bytes, standalone: bool): KeyDraft | null {
    const canonical = new CanonicalWriter(request.document);
    canonical.excludeAll(request.harmless);
    const last = request.lastQuestion();
    if (last !== null) canonical.replaceAll(last.nodes);
    const questionBytes = last === null ? 0 : last.capacity();
    const form = new ByteWriter(max(0, request.document.source.length - questionBytes) + 256);
    if (!canonical.write(0, form)) return null;
    const digest = Blake2b.digest(form.toBytes());
    const none = Bytes.empty();
    if (last === null) return new KeyDraft(requestScope, digest, none, none, none, null);
    const isShort = questionBytes <= MAX_QUESTION_BYTES;
    const question = isShort ? last.text().copy() : none;
    const frame = standalone ? frameOf(request) : none;
    return new KeyDraft(
      requestScope,
      digest,
      frame,
      question,
      wordingOf(request.document, last),
      null,
    );
  }

  /**
   * A draft without a question that could be matched semantically. `form`: digest of the body without the
   * part that `wording` covers; empty if that is everything.
   */
  static ofForm(requestScope: Bytes, form: Bytes, wording: Bytes): KeyDraft {
    const none = Bytes.empty();
    return new KeyDraft(requestScope, form, none, none, wording, null);
  }

  /** A draft of `keyMode: text`: only the text, as in the Go plugin. */
  static ofText(text: Bytes): KeyDraft {
    const none = Bytes.empty();
    const own = text.copy();
    return new KeyDraft(none, none, none, own, none, own);
  }

  /** Digest of the request without tenant and place. */
  get asked(): Bytes {
    const text = this.text;
    if (text !== null) return text;
    return new ByteWriter(80).framed(this.form).framed(this.wording).toBytes();
  }

  /** The key, for the ai-proxy configuration in `fingerprint`. */
  at(fingerprint: Bytes): CacheKey {
    const text = this.text;
    if (text !== null) return CacheKey.ofText(text);
    const scope = this.scopeAt(fingerprint);
    const isLoose = this.frame.length > 0;
    const partition = isLoose ? this.digestOf(STANDALONE, fingerprint, this.frame) : scope;
    return new CacheKey(scope, partition, this.question, digestOfKey(scope, this.wording));
  }

  /** The keys of several wordings instead of its own. */
  allAt(fingerprint: Bytes, wordings: Bytes[]): CacheKey[] {
    const scope = this.scopeAt(fingerprint);
    const keys: CacheKey[] = [];
    for (let i = 0; i < wordings.length; i++) {
      keys.push(new CacheKey(scope, scope, Bytes.empty(), digestOfKey(scope, wordings[i])));
    }
    return keys;
  }

  private scopeAt(fingerprint: Bytes): Bytes {
    return this.digestOf(SCOPE, fingerprint, this.form);
  }

  private digestOf(kind: Bytes, fingerprint: Bytes, form: Bytes): Bytes {
    const out = new ByteWriter(this.requestScope.length + 128).framed(kind);
    out.framed(this.requestScope).framed(fingerprint).framed(form);
    return Blake2b.digest(out.toBytes());
  }
}

function digestOfKey(scope: Bytes, wording: Bytes): Bytes {
  return Blake2b.begin().update(scope).update(wording).digest();
}

/** Each part with its length, so that different splits of a text differ. */
function wordingOf(document: JsonDocument, question: LastQuestion): Bytes {
  const hash = Blake2b.begin();
  for (let i = 0; i < question.nodes.length; i++) {
    const part = document.text(question.nodes[i]);
    hash.updateLength(part.length).update(part);
  }
  return hash.digest();
}

/** Digest of a request without its turns: only what the operator or the application sets. */
function frameOf(request: RequestView): Bytes {
  const document = request.document;
  const form = new ByteWriter(512);
  const rest = new CanonicalWriter(document);
  rest.excludeAll(request.harmless);
  rest.exclude(request.turnsMember);
  rest.write(0, form);
  const whole = new CanonicalWriter(document);
  for (
    let message = document.first(request.turns);
    message >= 0;
    message = document.after(message)
  ) {
    const role = document.text(document.member(message, names.ROLE));
    if (isInstruction(role)) {
      whole.write(message, form);
    }
  }
  return Blake2b.digest(form.toBytes());
}
