import { RequestRun } from "./request-run";

/** What stages hand on to one another; bits. */
export enum Part {
  /** That the body can be made what the vendor wants. */
  Judged = 1,
  /** The texts that are waited for: the context of a chat, an access token. */
  Texts = 2,
  /** The body as it goes on, what it says (model, stream), and what it leaves out. */
  Body = 4,
  /** The key, and the header that carries it. */
  Key = 8,
  /** The marks for the vendor's cache of prompts in the body. */
  Prompt = 16,
  /** What ai-cache is told. */
  Mark = 32,
  /** The body in the host's buffer. */
  Buffer = 64,
  /** Path and length. */
  Frame = 128,
  /** What else is asked for in headers. */
  Wishes = 256,
  /** The request as another attempt begins with it. */
  Sent = 512,
  /** The headers that hang on the whole request: it is ready. */
  Complete = 1024,
}

/** What becomes of a request at a stage. */
export enum Verdict {
  /** The next stage is its turn. */
  GoesOn,
  /** It waits for `RequestRun.missing`, and the stage runs again when that is there. */
  Waits,
  /** It is answered by `RequestRun.refusal`. */
  Refused,
}

/** One step of what is done with a request when it is complete. Has no state. */
export abstract class Stage {
  constructor(
    /** The parts that have to be there. */
    readonly needs: i32,
    /** The parts that are there afterwards. */
    readonly gives: i32,
  ) {}

  abstract run(run: RequestRun): Verdict;
}
