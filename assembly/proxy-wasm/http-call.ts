import { proxy_http_call } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { readBuffer } from "./buffer";
import { HeaderList, httpCallHeaders } from "./header-map";
import { clearSlots, numberSlot32, slotNumber } from "./memory";
import { BufferType, Status } from "./types";
import { Char } from "./char";

/** No call waits forever: for the host, 0 means "no timeout". */
const MIN_TIMEOUT_MS: u32 = 1;

const STATUS = Bytes.of(":status");

/** A call-out to a named cluster. */
export class HttpCallRequest {
  /**
   * `:method`, `:path` and `:authority` are mandatory; without them the host answers as for an
   * unknown cluster.
   */
  readonly headers: HeaderList = new HeaderList();
  body: Bytes = Bytes.empty();

  constructor(
    public cluster: Bytes,
    readonly timeoutMs: u32,
  ) {}
}

/** The answer to a call-out. Its data is valid during `HttpCall.onResponse` only. */
export class HttpCallResponse {
  constructor(
    private readonly headerCount: i32,
    private readonly bodySize: i32,
  ) {}

  /** Whether the peer's answer was cut off or never came: reset, timeout after headers, answer too large. */
  get failed(): bool {
    return this.headerCount == 0;
  }

  /**
   * The HTTP status, 0 when the call failed. Connect failures read as 503 and timeouts before headers as
   * 504.
   */
  get status(): i32 {
    if (this.failed) return 0;
    const value = httpCallHeaders.get(STATUS);
    if (value === null || value.length != 3) return 0;
    return (
      <i32>(value.at(0) - Char.Zero) * 100 +
      <i32>(value.at(1) - Char.Zero) * 10 +
      <i32>(value.at(2) - Char.Zero)
    );
  }

  /** A header of the answer, null when absent. */
  header(name: Bytes): Bytes | null {
    return httpCallHeaders.get(name);
  }

  /** The whole body. */
  body(): Bytes {
    return readBuffer(BufferType.HttpCallBody, this.bodySize);
  }
}

/**
 * A call-out as an object that keeps its own state, because the language has no closures. It belongs to the
 * root context and outlives the stream that started it: it reaches that stream only through the `Pause`
 * that it holds.
 */
export abstract class HttpCall {
  /**
   * Runs once, with the root context in effect. Never runs when `RootContext.dispatch` did not give
   * `Ok`.
   */
  abstract onResponse(response: HttpCallResponse): void;
}

/** Result of starting a call. */
export class HttpCallToken {
  constructor(
    /**
     * `Ok`; `BadArgument` for an unknown cluster or bad headers; `InternalFailure` when no host is
     * healthy.
     */
    readonly status: u32,
    readonly token: u32,
  ) {}
}

/** Starts a call. For `RootContext.dispatch`, which registers the token. */
export function startHttpCall(request: HttpCallRequest): HttpCallToken {
  const headers = request.headers.serialize();
  clearSlots();
  const status = proxy_http_call(
    request.cluster.pointer,
    <usize>request.cluster.length,
    headers.pointer,
    <usize>headers.length,
    request.body.pointer,
    <usize>request.body.length,
    0,
    0,
    max(request.timeoutMs, MIN_TIMEOUT_MS),
    slotNumber(),
  );
  return new HttpCallToken(status, status == Status.Ok ? numberSlot32() : 0);
}
