/**
 * Envoy's filter manager for Wasm filters: plugins in a chain, streams through them, an upstream at
 * the end. The rules are those seen in the release binary of Envoy 1.40.
 */
import { EnvoyCrash, SharedData, Status, Vm } from "./vm.mjs";
import { Headers } from "./headers.mjs";

const REQUEST = 0;
const RESPONSE = 1;
const DEFAULT_BUFFER_LIMIT = 1 << 20;

/** A plugin on one worker: a root context in a VM. */
export class Plugin {
  /**
   * @param {string} name
   * @param {Buffer} code
   * @param {object | string | Buffer} configuration
   * @param {{ optIn?: boolean, higress?: boolean, vm?: Vm, rootId?: number } &
   * ConstructorParameters<typeof Vm>[1]} options `optIn`: `allow_on_headers_stop_iteration`.
   */
  constructor(name, code, configuration, options = {}) {
    this.name = name;
    this.optIn = options.optIn ?? true;
    this.vm = options.vm ?? new Vm(code, options);
    this.rootId = options.rootId ?? 1;
    const text =
      typeof configuration === "object" && !Buffer.isBuffer(configuration)
        ? JSON.stringify(configuration)
        : configuration;
    this.root = {
      configuration: Buffer.from(text),
      deleted: false,
      finished: () => this.deleteRoot(),
      property: (path) => (path === "plugin_name" ? name : undefined),
    };
    this.vm.contexts.set(this.rootId, this.root);
    this.vm.call("proxy_on_context_create", this.rootId, 0);
    this.vm.call("proxy_on_vm_start", this.rootId, 0);
    const size = this.root.configuration.length;
    this.accepted = this.vm.call("proxy_on_configure", this.rootId, size) === 1;
  }

  tick() {
    this.vm.call("proxy_on_tick", this.rootId);
    this.vm.runDeferred();
  }

  /** Ends the root context as after a configuration change. */
  close() {
    if (this.vm.call("proxy_on_done", this.rootId) === 1) this.deleteRoot();
    this.vm.runDeferred();
  }

  deleteRoot() {
    this.root.deleted = true;
    this.vm.call("proxy_on_delete", this.rootId);
    this.vm.contexts.delete(this.rootId);
    for (const [token, call] of this.vm.calls) {
      if (call.root === this.rootId) this.vm.calls.delete(token);
    }
  }
}

let nextContext = 100;

/** One filter's side of one stream. */
class Filter {
  constructor(stream, plugin, index) {
    this.stream = stream;
    this.plugin = plugin;
    this.vm = plugin.vm;
    this.index = index;
    this.root = plugin.rootId;
    this.id = nextContext++;
    this.sides = [new Side(REQUEST), new Side(RESPONSE)];
    this.inCallback = false;
    this.deleted = false;
    this.vm.contexts.set(this.id, this);
    this.guard(() => this.vm.call("proxy_on_context_create", this.id, plugin.rootId));
  }

  guard(action) {
    try {
      return action();
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      this.stream.trapped(this, error);
      return null;
    }
  }

  map(type) {
    const side = type === 0 ? this.sides[REQUEST] : type === 2 ? this.sides[RESPONSE] : null;
    if (!side) return null;
    if (this.logging) {
      const map = type === 0 ? this.stream.requestHeaders : this.stream.responseHeaders;
      return map && Object.assign(Object.create(map), { readOnly: true });
    }
    return side.headersReachable ? side.headers : null;
  }

  property(path) {
    return this.stream.properties.get(path);
  }

  setProperty(path, value) {
    this.stream.properties.set(path, value);
  }

  buffer(type) {
    const side = this.sides[type];
    if (!side || type > 1) return null;
    if (!this.inCallback && (side.lastData === 2 || side.lastData === 3)) {
      if (type === REQUEST) throw new EnvoyCrash("request buffer touched after return 2 or 3");
      return { read: () => Buffer.alloc(0), write: () => Status.Ok };
    }
    // From a call-out's callback, what return 1 has kept.
    const part = !this.inCallback && side.lastData === 1 ? "kept" : "visible";
    return {
      read: (start, length) => side[part].subarray(start, start + length),
      write: (start, length, data) => {
        const size = side[part].length;
        if (start === 0 && length >= size) side[part] = data;
        else if (start === 0 && length === 0) side[part] = Buffer.concat([data, side[part]]);
        else if (start >= size) side[part] = Buffer.concat([side[part], data]);
        else return Status.BadArgument;
        return Status.Ok;
      },
    };
  }

  continue(type) {
    if (this.deleted) return;
    const side = this.sides[type];
    if (!side.stopped) throw new EnvoyCrash(`continue_stream(${type}) without a pause`);
    this.stream.resume(this, side);
  }

  localReply(reply) {
    if (!this.deleted) this.stream.localReply(this, reply);
  }
}

/** One direction of a filter. */
class Side {
  constructor(type) {
    this.type = type;
    this.headers = null;
    this.headersHeld = false;
    this.headersReachable = false;
    /** What the host keeps behind the filter. */
    this.kept = Buffer.alloc(0);
    /** What the module sees in the buffer. */
    this.visible = Buffer.alloc(0);
    this.stopped = false;
    /** Set while nothing is delivered (return 3 or 4 on headers). */
    this.blocked = false;
    this.waiting = [];
    this.lastData = 0;
    this.ended = false;
    this.trailers = null;
  }
}

/** One HTTP exchange through a chain. */
export class Stream {
  /**
   * @param {Plugin[]} plugins in request order
   * @param {(request: { headers: Headers, body: Buffer, trailers: Headers | null }) => object |
   * null} upstream gets the complete request and answers `{ status, headers, chunks }`; `cut: true`
   * resets after the chunks
   * @param {{ properties?: Record<string, string>, bufferLimit?: number }} options
   */
  constructor(plugins, upstream, options = {}) {
    this.upstream = upstream;
    this.properties = new Map(
      Object.entries(options.properties ?? {}).map(([k, v]) => [
        k.replaceAll(".", "\0"),
        Buffer.from(v),
      ]),
    );
    this.bufferLimit = options.bufferLimit ?? DEFAULT_BUFFER_LIMIT;
    /** What went upstream and what the client got. */
    this.sent = { headers: null, chunks: [], ended: false, aborted: false };
    this.received = { status: 0, headers: null, chunks: [], times: [], ended: false, reset: false };
    this.details = "via_upstream";
    this.closed = false;
    this.filters = plugins.map((plugin, index) => new Filter(this, plugin, index));
  }

  /** Body that the client got. */
  get body() {
    return Buffer.concat(this.received.chunks);
  }

  get text() {
    return this.body.toString("utf8");
  }

  get json() {
    return JSON.parse(this.text);
  }

  /** A property that the modules have set. */
  attribute(name) {
    return this.properties.get(name)?.toString("utf8");
  }

  // Request direction

  sendHeaders(headers, end = false) {
    this.requestHeaders = headers instanceof Headers ? headers : new Headers(headers);
    this.decodeHeaders(0, end);
    return this;
  }

  sendBody(data, end = false) {
    this.decodeData(0, Buffer.from(data), end);
    return this;
  }

  sendTrailers(trailers = { "x-trailer": "1" }) {
    this.decodeTrailers(0, new Headers(trailers));
    return this;
  }

  decodeHeaders(from, end) {
    if (this.closed) return;
    if (from === this.filters.length) return this.upstreamHeaders(end);
    const filter = this.filters[from];
    const side = filter.sides[REQUEST];
    side.headers = this.requestHeaders;
    side.headersReachable = true;
    side.ended = end;
    const status = this.callback(
      filter,
      "proxy_on_request_headers",
      this.requestHeaders.fields.length,
      end,
    );
    this.afterHeaders(filter, side, status, () => this.decodeHeaders(from + 1, end));
  }

  decodeData(from, data, end) {
    if (this.closed) return;
    if (from === this.filters.length) return this.upstreamData(data, end);
    const filter = this.filters[from];
    const side = filter.sides[REQUEST];
    if (side.blocked) return void side.waiting.push([data, end]);
    this.data(filter, side, data, end, "proxy_on_request_body", () => {
      if (side.headersHeld) {
        side.headersHeld = side.headersReachable = false;
        this.decodeHeaders(from + 1, false);
      }
      const whole = take(side);
      if (whole.length > 0 || end) this.decodeData(from + 1, whole, end);
    });
  }

  decodeTrailers(from, trailers) {
    if (this.closed) return;
    if (from === this.filters.length) return this.upstreamEnd(trailers);
    const filter = this.filters[from];
    const side = filter.sides[REQUEST];
    side.trailers = trailers;
    const status = this.callback(filter, "proxy_on_request_trailers", trailers.fields.length);
    if (this.closed || status !== 0) return void (side.stopped = true);
    if (side.headersHeld) {
      side.headersHeld = side.headersReachable = false;
      this.decodeHeaders(from + 1, false);
    }
    const whole = take(side);
    if (whole.length > 0) this.decodeData(from + 1, whole, false);
    this.decodeTrailers(from + 1, trailers);
  }

  upstreamHeaders(end) {
    this.sent.headers = new Headers([...this.requestHeaders.fields]);
    if (end) this.upstreamEnd(null);
  }

  upstreamData(data, end) {
    if (data.length > 0) this.sent.chunks.push(data);
    if (end) this.upstreamEnd(null);
  }

  upstreamEnd(trailers) {
    this.sent.ended = true;
    const promised = this.sent.headers.get("content-length");
    const body = Buffer.concat(this.sent.chunks);
    if (promised !== undefined && Number(promised) !== body.length) {
      throw new EnvoyCrash(`content-length ${promised} upstream, but ${body.length} bytes`);
    }
    const answer = this.upstream({ headers: this.sent.headers, body, trailers });
    if (answer) this.respond(answer);
  }

  // Response direction

  respond({ status = 200, headers = {}, chunks = [], cut = false, trailers = null }) {
    const isEmpty = chunks.length === 0 && !cut && !trailers;
    this.beginResponse(status, headers, isEmpty);
    for (const chunk of chunks) this.sendChunk(chunk);
    if (cut) this.resetClient();
    else if (trailers) this.encodeTrailers(this.filters.length - 1, new Headers(trailers));
    else if (!isEmpty) this.endResponse();
  }

  /** The upstream's headers arrive. */
  beginResponse(status, headers, end = false) {
    this.responseHeaders = new Headers({ ":status": status, ...headers });
    this.encodeHeaders(this.filters.length - 1, end);
  }

  /** A piece of the upstream's body arrives. */
  sendChunk(chunk) {
    this.encodeData(this.filters.length - 1, Buffer.from(chunk), false);
  }

  /** The upstream's body ends, as HTTP/1 bodies do: with an empty last piece. */
  endResponse() {
    this.encodeData(this.filters.length - 1, Buffer.alloc(0), true);
  }

  encodeHeaders(from, end) {
    if (this.closed) return;
    if (from < 0) return this.clientHeaders(end);
    const filter = this.filters[from];
    const side = filter.sides[RESPONSE];
    side.headers = this.responseHeaders;
    side.headersReachable = true;
    side.ended = end;
    const status = this.callback(
      filter,
      "proxy_on_response_headers",
      this.responseHeaders.fields.length,
      end,
    );
    this.afterHeaders(filter, side, status, () => this.encodeHeaders(from - 1, end));
  }

  encodeData(from, data, end) {
    if (this.closed) return;
    if (from < 0) return this.clientData(data, end);
    const filter = this.filters[from];
    const side = filter.sides[RESPONSE];
    if (side.blocked) return void side.waiting.push([data, end]);
    this.data(filter, side, data, end, "proxy_on_response_body", () => {
      if (side.headersHeld) {
        side.headersHeld = side.headersReachable = false;
        this.encodeHeaders(from - 1, false);
      }
      const whole = take(side);
      if (whole.length > 0 || end) this.encodeData(from - 1, whole, end);
    });
  }

  encodeTrailers(from, trailers) {
    if (this.closed) return;
    if (from < 0) return this.close();
    this.callback(this.filters[from], "proxy_on_response_trailers", trailers.fields.length);
    this.encodeTrailers(from - 1, trailers);
  }

  clientHeaders(end) {
    this.received.headers = new Headers([...this.responseHeaders.fields]);
    this.received.status = Number(this.received.headers.get(":status"));
    if (end) this.close();
  }

  clientData(data, end) {
    if (data.length > 0) this.received.chunks.push(data);
    if (!end) return;
    const promised = this.received.headers.get("content-length");
    if (promised !== undefined && Number(promised) !== this.body.length) {
      throw new EnvoyCrash(`content-length ${promised} downstream, but ${this.body.length} bytes`);
    }
    this.close();
  }

  // What both directions share

  callback(filter, name, ...args) {
    const deferredFrom = filter.vm.depth;
    filter.inCallback = true;
    const numbers = args.map((arg) => (typeof arg === "boolean" ? Number(arg) : arg));
    const status = filter.guard(() => filter.vm.call(name, filter.id, ...numbers));
    filter.inCallback = false;
    if (deferredFrom === 0) filter.vm.runDeferred();
    return status;
  }

  afterHeaders(filter, side, status, next) {
    if (this.closed || status === null) return;
    const effective = status === 1 && !filter.plugin.optIn ? 4 : status;
    if (effective === 0 || effective === 2) {
      side.headersReachable = false;
      return next();
    }
    side.stopped = side.headersHeld = true;
    side.blocked = effective === 3 || effective === 4;
  }

  data(filter, side, data, end, name, next) {
    side.ended = end;
    const cumulative = side.lastData === 1;
    side.visible = cumulative ? Buffer.concat([side.kept, data]) : data;
    if (cumulative) side.kept = Buffer.alloc(0);
    const status = this.callback(filter, name, side.visible.length, end);
    if (this.closed || status === null) return;
    side.lastData = status;
    if (status === 3) {
      side.visible = Buffer.alloc(0);
      side.stopped = true;
      return;
    }
    side.kept = Buffer.concat([side.kept, side.visible]);
    side.visible = Buffer.alloc(0);
    if (status === 0) {
      side.stopped = false;
      return next();
    }
    side.stopped = true;
    if (status === 1 && side.kept.length > this.bufferLimit) {
      this.hostReply(side.type === REQUEST ? 413 : 500, "payload_too_large");
    }
  }

  resume(filter, side) {
    side.stopped = false;
    const isRequest = side.type === REQUEST;
    const step = isRequest ? 1 : -1;
    const wasBlocked = side.blocked;
    side.blocked = false;
    side.headersReachable = false;
    if (side.headersHeld) {
      side.headersHeld = false;
      const end =
        side.ended &&
        side.waiting.length === 0 &&
        side.kept.length === 0 &&
        side.visible.length === 0;
      const only = end && !side.lastData;
      if (isRequest) this.decodeHeaders(filter.index + step, only);
      else this.encodeHeaders(filter.index + step, only);
      if (only) return;
    }
    if (wasBlocked) {
      const waiting = side.waiting.splice(0);
      for (const [data, end] of waiting) {
        if (isRequest) this.decodeData(filter.index, data, end);
        else this.encodeData(filter.index, data, end);
      }
      return;
    }
    const whole = take(side);
    if (isRequest) this.decodeData(filter.index + step, whole, side.ended);
    else this.encodeData(filter.index + step, whole, side.ended);
  }

  /**
   * A module's own answer: through its own and all earlier filters' response callbacks, unless it
   * replaces a held upstream answer.
   */
  localReply(filter, reply) {
    if (this.closed) return;
    this.details = reply.details;
    if (this.received.headers) return this.resetClient();
    if (this.sent.headers && !this.sent.ended) this.sent.aborted = true;
    const fields = [[":status", String(reply.status)], ...reply.headers.fields];
    if (!reply.headers.get("content-type")) fields.push(["content-type", "text/plain"]);
    const replaces = this.responseHeaders !== undefined;
    this.responseHeaders = new Headers(fields);
    this.responseHeaders.set("content-length", String(reply.body.length));
    const from = replaces ? -1 : filter.index;
    for (const other of this.filters) other.sides[REQUEST].blocked = true;
    this.encodeHeaders(from, reply.body.length === 0);
    if (reply.body.length > 0) this.encodeData(from, reply.body, true);
  }

  /** Envoy's own answer: through all filters. */
  hostReply(status, details) {
    this.details = details;
    const body = Buffer.from(details);
    this.responseHeaders = new Headers({
      ":status": status,
      "content-type": "text/plain",
      "content-length": body.length,
    });
    this.encodeHeaders(this.filters.length - 1, false);
    this.encodeData(this.filters.length - 1, body, true);
  }

  trapped(filter, error) {
    this.trap = error;
    if (this.received.headers) return this.resetClient();
    this.received.status = 503;
    this.received.headers = new Headers({ ":status": 503 });
    this.close();
  }

  /** The client has gone away. */
  abort() {
    if (!this.sent.ended) this.sent.aborted = true;
    this.close();
  }

  resetClient() {
    this.received.reset = true;
    this.close();
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    if (!this.received.reset && this.received.headers) this.received.ended = true;
    for (const filter of this.filters) {
      if (filter.vm.failed) continue;
      filter.logging = true;
      filter.guard(() => filter.vm.call("proxy_on_log", filter.id));
      filter.guard(() => filter.vm.call("proxy_on_done", filter.id));
      filter.guard(() => filter.vm.call("proxy_on_delete", filter.id));
      filter.deleted = true;
      filter.vm.contexts.delete(filter.id);
    }
  }
}

function take(side) {
  const whole = Buffer.concat([side.kept, side.visible]);
  side.kept = side.visible = Buffer.alloc(0);
  return whole;
}

/**
 * Sends a whole request through a chain and gives the finished stream.
 * @param {Plugin[]} plugins
 * @param {{ method?: string, path?: string, headers?: object, body?: Buffer | string | null,
 * split?: number, length?: boolean }} request `split`: bytes per piece; `length`: whether
 * `content-length` is sent
 */
export function exchange(plugins, request, upstream, options = {}) {
  const stream = new Stream(plugins, upstream, options);
  const body =
    request.body === null || request.body === undefined ? null : Buffer.from(request.body);
  const headers = new Headers({
    ":method": request.method ?? "POST",
    ":path": request.path ?? "/v1/chat/completions",
    ":authority": request.authority ?? "gateway.example",
    ...(body === null ? {} : { "content-type": "application/json" }),
    ...(body !== null && request.length !== false ? { "content-length": String(body.length) } : {}),
    ...(request.headers ?? {}),
  });
  stream.sendHeaders(headers, body === null);
  if (body === null) return stream;
  const step = request.split ?? Math.max(body.length, 1);
  for (let at = 0; at < body.length; at += step) stream.sendBody(body.subarray(at, at + step));
  if (request.trailers) stream.sendTrailers();
  else stream.sendBody("", true);
  return stream;
}

export { Headers, SharedData, Status, Vm, EnvoyCrash };
