import { ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { AnswerCapture, AnswerReader } from "./answer-capture";

/** What answers a request from the cache. */
export class ReplyBody {
  constructor(
    /** Its `content-type`. */
    readonly type: Bytes,
    readonly body: Bytes,
  ) {}
}

/** How the answers to one kind of request are captured, stored and given again. */
export abstract class AnswerForm extends AnswerReader {
  /** `protocol`: of the client's errors. */
  constructor(readonly protocol: ClientProtocol) {
    super();
  }

  /** Seconds that an answer may be served at most, 0 for as long as the configuration says. */
  get longestLife(): u64 {
    return 0;
  }

  /** Whether how fast its answers change is learned. */
  get learnsLife(): bool {
    return false;
  }

  /**
   * What captures an answer of a content type; null when that is none of this form. `limit`: bytes of the
   * answer. `share`: where they are counted. `tellsUsage`: whether a stream ends with its usage.
   */
  abstract capture(
    type: Bytes,
    limit: i32,
    share: ByteShare,
    tellsUsage: bool,
  ): AnswerCapture | null;

  /**
   * A stored answer as the client wants it; null when the bytes are no such thing, or it cannot be told
   * without losing something, which makes the look-up a miss. `template`: of the configuration.
   */
  abstract reply(
    answer: Bytes,
    stream: bool,
    includeUsage: bool,
    template: Bytes | null,
  ): ReplyBody | null;
}
