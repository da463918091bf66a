import { RequestRun } from "./request-run";

/** Data that stages produce and need; bits. */
export enum Part {
  /** The body can be converted. */
  Checked = 1,
  /** External texts: the context of a chat, an access token. */
  Texts = 2,
  /** The converted body with its model and stream, and what it leaves out. */
  Body = 4,
  /** The key, and the header that carries it. */
  Key = 8,
  /** The marks for prompt caching in the body. */
  Prompt = 16,
  /** The fingerprint for ai-cache. */
  Mark = 32,
  /** The body in the host's buffer. */
  Buffer = 64,
  /** Path and length. */
  PathAndLength = 128,
  /** Further request headers. */
  StreamHeaders = 256,
  /** The request kept for another attempt. */
  Sent = 512,
  /** The headers that depend on the whole request: it is ready. */
  Complete = 1024,
}

/** The results of a stage. */
export enum StageResult {
  /** Continue with the next stage. */
  Continue,
  /** Wait for `RequestRun.missing`, then run this stage again. */
  Waits,
  /** Answer with `RequestRun.refusal`. */
  Refused,
}

/** One stage of processing a complete request. Stateless. */
export abstract class Stage {
  constructor(
    /** The data it needs. */
    readonly needs: i32,
    /** The data it produces. */
    readonly produces: i32,
  ) {}

  abstract run(run: RequestRun): StageResult;
}
