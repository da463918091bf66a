import { ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { AnswerCapture, AnswerReader } from "./answer-capture";

/** A reply from the cache. */
export class ReplyBody {
  constructor(
    /** Its `content-type`. */
    readonly type: Bytes,
    readonly body: Bytes,
  ) {}
}

/** How the answers to one kind of request are captured, cached and replayed. */
export abstract class AnswerForm extends AnswerReader {
  /** `protocol`: of the client's errors. */
  constructor(readonly protocol: ClientProtocol) {
    super();
  }

  /** Longest lifetime of an answer in seconds, 0 for no other limit than the configured one. */
  get longestLife(): u64 {
    return 0;
  }

  /** Whether lifetimes of its answers are learned. */
  get learnsLife(): bool {
    return false;
  }

  /**
   * Creates the capture of an answer by its content type; null for an unsupported one. `limit`: bytes of
   * the answer. `share`: where they are counted. `includeUsage`: whether a stream ends with its usage.
   */
  abstract capture(
    type: Bytes,
    limit: i32,
    share: ByteShare,
    includeUsage: bool,
  ): AnswerCapture | null;

  /**
   * Replays a cached answer as the client wants it; null when the bytes are invalid, or it cannot be
   * replayed without loss, which makes the look-up a miss. `template`: of the configuration.
   */
  abstract reply(
    answer: Bytes,
    stream: bool,
    includeUsage: bool,
    template: Bytes | null,
  ): ReplyBody | null;
}
