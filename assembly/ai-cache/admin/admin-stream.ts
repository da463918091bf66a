import { BodyBuffer } from "../../proxy-wasm/body-buffer";
import { ByteBudget, ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { Pause, RootContext, StreamContext } from "../../proxy-wasm/context";
import { requestHeaders } from "../../proxy-wasm/header-map";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { platform } from "../../proxy-wasm/platform";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../../proxy-wasm/types";
import { errorReply } from "../../protocol/base/error-reply";
import { NEUTRAL } from "../../protocol/registry";
import * as header from "../../http/names";
import { sameBytes } from "../../text/same-bytes";
import { MemoryStore } from "../store/memory-store";
import { AdminConfig } from "../config/admin-section";
import { Services } from "../services/services";
import { Purge } from "./purge";
import { readPurgeRequest } from "./purge-request";
import { Char } from "../../proxy-wasm/char";

const MAX_BODY: i64 = 65_536;
const BEARER = Bytes.of("Bearer ");
const DETAILS = "ai_cache_purge_refused";

/** One request to delete entries. */
export class AdminStream extends StreamContext {
  private readonly body: BodyBuffer;
  private isWaiting: bool = false;

  constructor(
    id: u32,
    root: RootContext,
    private readonly config: AdminConfig,
    private readonly services: Services,
    private readonly store: MemoryStore,
    budget: ByteBudget,
  ) {
    super(id, root);
    this.body = new BodyBuffer(BufferType.RequestBody, MAX_BODY, new ByteShare(budget), -1);
  }

  onRequestHeaders(endOfStream: bool): HeadersStatus {
    const refusal = this.judge(endOfStream);
    if (refusal === null) return HeadersStatus.StopIteration;
    this.reply(refusal);
    return HeadersStatus.StopIteration;
  }

  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    if (this.isWaiting || this.replied) return platform().pausedBody();
    if (!this.body.take(size)) {
      return this.replyWhenComplete(refuse(413, "the request is too long"), endOfStream);
    }
    if (!endOfStream) return DataStatus.StopIterationNoBuffer;
    const reply = this.begin();
    if (reply !== null) return this.replyWhenComplete(reply, true);
    return platform().pausedBody();
  }

  onRequestTrailers(): TrailersStatus {
    if (!this.isWaiting && !this.replied) this.reply(refuse(400, "trailers are not supported"));
    return TrailersStatus.StopIteration;
  }

  onDelete(): void {
    this.body.release();
  }

  /** Why the request is rejected; null when it is not. */
  private judge(endOfStream: bool): LocalReply | null {
    const path = requestHeaders.get(header.PATH);
    const end = path === null ? -1 : path.indexOf(Char.Question);
    if (path === null || !(end < 0 ? path : path.slice(0, end)).equals(this.config.path)) {
      return refuse(404, "not found: use POST " + this.config.path.toString());
    }
    const credential = requestHeaders.get(header.AUTHORIZATION);
    const isBearer = credential !== null && credential.startsWith(BEARER);
    const token = isBearer && credential !== null ? credential.slice(BEARER.length) : Bytes.empty();
    if (!sameBytes(token, this.config.token)) return refuse(401, "the token is wrong or missing");
    const method = requestHeaders.get(header.METHOD);
    if (method === null || !method.equals(header.POST)) return refuse(405, "use POST");
    return endOfStream ? refuse(400, "the body must be a JSON object") : null;
  }

  private begin(): LocalReply | null {
    const reading = readPurgeRequest(this.body.whole());
    const request = reading.request;
    if (request === null) return refuse(400, reading.fault);
    const purge = new Purge(this.root, this.services, request);
    const reply = purge.begin(this.store);
    if (reply !== null) return reply;
    const pause: Pause | null = this.pauseRequest();
    if (pause === null) return refuse(500, "the request is already waiting");
    purge.waitWith(pause);
    this.isWaiting = true;
    return null;
  }
}

function refuse(status: i32, message: string): LocalReply {
  return errorReply(NEUTRAL, status, DETAILS, "purge_refused", message);
}
