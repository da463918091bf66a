/**
 * Envoy's filter manager for Wasm filters: plugins in a chain, streams through them, an upstream at the end. It
 * behaves as observed in the release binary of Envoy 1.40.
 */
import { EnvoyCrash, SharedData, Status, Vm } from "./vm.mjs";
import { Headers } from "./headers.mjs";
import { watch } from "./watch.mjs";

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
    this.isUpstream = configuration?.upstreamFilter === true;
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
      property: (path) =>
        ({ plugin_name: options.pluginName ?? name, plugin_root_id: options.rootName })[path],
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

/** A filter's state for one stream. */
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
    // A change would select the route again, which Envoy reports as a bug of its own.
    if (type === 0 && this.stream.responseHeaders) {
      throw new EnvoyCrash("request headers reached after the response has begun");
    }
    return side.headersReachable ? side.headers : null;
  }

  property(path) {
    return this.stream.property(path) ?? this.plugin.root.property(path);
  }

  setProperty(path, value) {
    this.stream.properties.set(path, value);
  }

  buffer(type) {
    const side = this.sides[type];
    if (!side || type > 1) return null;
    // The module may change what return 1 buffered at any time, until the next callback returns.
    if (side.buffering) return bufferOf(side, "kept", () => this.stream.checkLimit(side));
    if (this.inCallback && side.inData) return bufferOf(side, "visible");
    if (side.lastData !== 2 && side.lastData !== 3) {
      return { read: () => Buffer.alloc(0), write: () => Status.BadArgument };
    }
    // The host still has a pointer to the chunk of an earlier callback.
    if (this.inCallback || type === REQUEST) {
      throw new EnvoyCrash(`buffer ${type} touched after return ${side.lastData}`);
    }
    return { read: () => Buffer.alloc(0), write: () => Status.Ok };
  }

  continue(type) {
    const side = this.sides[type];
    if (!side.stopped) throw new EnvoyCrash(`continue_stream(${type}) without a pause`);
    // The end of the stream has ended a pause that was open then.
    if (this.deleted || this.stream.closed) side.stopped = false;
    else this.stream.resume(this, side);
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
    /** What the host buffers for the filter; null before it buffers anything. */
    this.kept = null;
    /** The chunk of the current body callback, unless it was appended to the buffer. */
    this.visible = Buffer.alloc(0);
    this.stopped = false;
    /** True while nothing is delivered (return 3 or 4 on headers). */
    this.blocked = false;
    this.waiting = [];
    this.lastData = 0;
    /** Whether a body callback is running. */
    this.inData = false;
    /** Whether the last body callback returned 1, so that the module can access the buffer. */
    this.buffering = false;
    /** Whether exceeding the limit applies back-pressure instead of failing the stream. */
    this.streaming = true;
    this.ended = false;
    this.trailers = null;
  }
}

/** A buffer of a side as the module sees it. `written` runs after a write. */
function bufferOf(side, part, written = () => {}) {
  const bytes = () => side[part] ?? Buffer.alloc(0);
  return {
    read: (start, length) => bytes().subarray(start, start + length),
    write: (start, length, data) => {
      const size = bytes().length;
      if (start === 0) side[part] = Buffer.concat([data, bytes().subarray(length)]);
      else if (start >= size) side[part] = Buffer.concat([bytes(), data]);
      else return Status.BadArgument;
      written();
      return Status.Ok;
    },
  };
}

/** The properties of every request that has a route; integers are eight bytes. */
const USUAL_PROPERTIES = {
  "xds.cluster_name": "llm",
  "upstream.request_attempt_count": integer(0),
};

/** An integer as encoded in properties. */
export function integer(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

/** Maps paths, with NUL between their parts, to values. */
export function propertyMap(properties) {
  return new Map(
    Object.entries({ ...USUAL_PROPERTIES, ...properties })
      .filter(([, value]) => value !== null)
      .map(([k, v]) => [k.includes("\0") ? k : k.replaceAll(".", "\0"), Buffer.from(v)]),
  );
}

/** One HTTP exchange through a chain. */
export class Stream {
  /**
   * @param {Plugin[]} plugins in request order
   * @param {(request: { headers: Headers, body: Buffer, trailers: Headers | null }) => object |
   * null} upstream gets the complete request and answers `{ status, headers, chunks, trailers }`;
   * `cut: true` resets after the chunks; `details`: the response code details of a filter after the chain
   * that answers itself; `attempts` and `cluster`: how often Envoy tried, and the cluster that answered
   * @param {{ properties?: Record<string, string | Buffer | null>, bufferLimit?: number }} options
   * the names of `properties` are paths joined by dots, or by NUL if a part contains a dot; null removes one of
   * the usual ones; `state`: the properties of another stream, shared with it, as for an upstream filter
   */
  constructor(plugins, upstream, options = {}) {
    this.upstream = upstream;
    this.properties = options.state ?? propertyMap(options.properties);
    this.bufferLimit = options.bufferLimit ?? DEFAULT_BUFFER_LIMIT;
    /** What was sent upstream, and what the client received. */
    this.sent = { headers: null, chunks: [], ended: false, aborted: false };
    this.received = { status: 0, headers: null, chunks: [], times: [], ended: false, reset: false };
    this.details = "via_upstream";
    this.bytesReceived = 0;
    this.closed = false;
    watch.open.add(this);
    this.filters = plugins.map((plugin, index) => new Filter(this, plugin, index));
  }

  /** Pauses that nothing can end any more, as messages. */
  leaks() {
    const leaks = [];
    for (const { plugin, vm, sides } of this.filters) {
      if (vm.failed || vm.calls.size > 0 || vm.redisCalls.size > 0) continue;
      for (const side of sides) {
        if (!side.stopped || !(side.ended || side.trailers)) continue;
        const what = side.type === REQUEST ? "request" : "response";
        leaks.push(`${plugin.name} leaves a ${what} paused, and nothing can resume it`);
      }
    }
    return leaks;
  }

  /** The body that the client received. */
  get body() {
    return Buffer.concat(this.received.chunks);
  }

  get text() {
    return this.body.toString("utf8");
  }

  get json() {
    return JSON.parse(this.text);
  }

  property(path) {
    if (path === "response\0code_details") {
      return this.responseHeaders ? Buffer.from(this.details) : undefined;
    }
    if (path === "request\0total_size") return this.totalSize;
    return this.properties.get(path);
  }

  /** A property set by the modules. */
  attribute(name) {
    return this.properties.get(name)?.toString("utf8");
  }

  // Request direction

  sendHeaders(headers, end = false) {
    this.requestHeaders = headers instanceof Headers ? headers : new Headers(headers);
    this.decodeHeaders(0, end);
    return this;
  }

  /** As Envoy counts: the current headers, and the body received so far, delivered or not. */
  get totalSize() {
    const size = Buffer.alloc(8);
    const headers = this.requestHeaders.fields.flat().join("").length;
    size.writeBigInt64LE(BigInt(headers + this.bytesReceived));
    return size;
  }

  sendBody(data, end = false) {
    this.bytesReceived += Buffer.byteLength(data);
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
    this.data(this.filters[from], REQUEST, data, end, "proxy_on_request_body");
  }

  decodeTrailers(from, trailers) {
    if (this.closed) return;
    if (from === this.filters.length) return this.upstreamEnd(trailers);
    this.trailers(this.filters[from], REQUEST, trailers, "proxy_on_request_trailers");
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
    this.properties.set("upstream\0request_attempt_count", integer(answer?.attempts ?? 1));
    if (answer?.cluster) this.properties.set("xds\0cluster_name", Buffer.from(answer.cluster));
    if (answer) this.respond(answer);
  }

  // Response direction

  respond({ status = 200, headers = {}, chunks = [], cut = false, trailers = null, details }) {
    this.details = details ?? "via_upstream";
    const isEmpty = chunks.length === 0 && !cut && !trailers;
    this.beginResponse(status, headers, isEmpty);
    for (const chunk of chunks) this.sendChunk(chunk);
    if (cut) {
      const when = this.received.headers ? "after" : "before";
      const why = `upstream_reset_${when}_response_started{connection_termination}`;
      this.replaceAnswer(502, why);
    } else if (trailers) this.encodeTrailers(this.filters.length - 1, new Headers(trailers));
    else if (!isEmpty) this.endResponse();
  }

  /** The upstream's headers arrive. */
  beginResponse(status, headers, end = false) {
    const fields = Array.isArray(headers) ? headers : Object.entries(headers);
    this.responseHeaders = new Headers([[":status", status], ...fields]);
    this.encodeHeaders(this.filters.length - 1, end);
  }

  /** A chunk of the upstream's body arrives. */
  sendChunk(chunk) {
    this.encodeData(this.filters.length - 1, Buffer.from(chunk), false);
  }

  /** The upstream's body ends as HTTP/1 bodies do, with an empty last chunk. */
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
    this.data(this.filters[from], RESPONSE, data, end, "proxy_on_response_body");
  }

  encodeTrailers(from, trailers) {
    if (this.closed) return;
    if (from < 0) return this.clientTrailers(trailers);
    this.trailers(this.filters[from], RESPONSE, trailers, "proxy_on_response_trailers");
  }

  clientHeaders(end) {
    this.received.headers = new Headers([...this.responseHeaders.fields]);
    this.received.status = Number(this.received.headers.get(":status"));
    if (end) this.close();
  }

  clientData(data, end) {
    if (data.length > 0) this.received.chunks.push(data);
    if (end) this.clientEnd();
  }

  clientTrailers(trailers) {
    this.received.trailers = trailers;
    this.clientEnd();
  }

  clientEnd() {
    const promised = this.received.headers.get("content-length");
    if (promised !== undefined && Number(promised) !== this.body.length) {
      throw new EnvoyCrash(`content-length ${promised} downstream, but ${this.body.length} bytes`);
    }
    this.close();
  }

  // Both directions

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

  data(filter, type, data, end, name) {
    const side = filter.sides[type];
    side.ended = end;
    if (side.blocked) return void side.waiting.push([data, end]);
    side.visible = data;
    if (side.buffering) {
      side.visible = Buffer.alloc(0);
      if (this.keep(side, data, false)) return;
    }
    const size = side.buffering ? side.kept.length : data.length;
    side.inData = true;
    const status = this.callback(filter, name, size, end);
    side.inData = false;
    if (this.closed || status === null) return;
    side.lastData = status;
    side.buffering = status === 1;
    const piece = side.visible;
    side.visible = Buffer.alloc(0);
    if (status === 3) {
      side.stopped = true;
      // So that whatever resumes has a chunk to end the stream with.
      if (end) side.kept ??= Buffer.alloc(0);
      return;
    }
    if (status === 0) {
      if (!side.stopped) return this.forward(filter, side, piece, end);
      if (this.keep(side, piece, side.streaming)) return;
      return this.goOn(filter, side);
    }
    side.stopped = true;
    this.keep(side, piece, status === 2);
  }

  trailers(filter, type, trailers, name) {
    const side = filter.sides[type];
    side.trailers = trailers;
    if (side.blocked) return;
    const status = this.callback(filter, name, trailers.fields.length);
    if (this.closed || status === null) return;
    if (status !== 0) side.stopped = true;
    else if (side.stopped) this.goOn(filter, side);
    else this.forwardTrailers(filter, side);
  }

  /** Adds to the host's buffer. Returns whether that ended the stream. */
  keep(side, data, streaming) {
    side.kept = Buffer.concat([side.kept ?? Buffer.alloc(0), data]);
    side.streaming = streaming;
    return this.checkLimit(side);
  }

  checkLimit(side) {
    if (side.streaming || side.kept.length <= this.bufferLimit || this.closed) return false;
    if (side.type === REQUEST) this.hostReply(413, "request_payload_too_large");
    else this.replaceAnswer(500, "response_payload_too_large");
    return true;
  }

  forward(filter, side, data, end) {
    if (side.type === REQUEST) this.decodeData(filter.index + 1, data, end);
    else this.encodeData(filter.index - 1, data, end);
  }

  forwardTrailers(filter, side) {
    if (side.type === REQUEST) this.decodeTrailers(filter.index + 1, side.trailers);
    else this.encodeTrailers(filter.index - 1, side.trailers);
  }

  /** Continues with what the filter held: headers, buffered body, trailers. */
  goOn(filter, side) {
    const isRequest = side.type === REQUEST;
    side.stopped = side.headersReachable = false;
    const kept = side.kept;
    side.kept = null;
    const isOver = side.ended && side.trailers === null;
    if (side.headersHeld) {
      side.headersHeld = false;
      const only = isOver && kept === null;
      if (isRequest) this.decodeHeaders(filter.index + 1, only);
      else this.encodeHeaders(filter.index - 1, only);
    }
    if (kept !== null) this.forward(filter, side, kept, isOver);
    if (side.trailers !== null) this.forwardTrailers(filter, side);
  }

  resume(filter, side) {
    if (!side.blocked) return this.goOn(filter, side);
    side.stopped = side.blocked = side.headersReachable = side.headersHeld = false;
    const isRequest = side.type === REQUEST;
    const waiting = side.waiting.splice(0);
    const only = side.ended && waiting.length === 0;
    if (isRequest) this.decodeHeaders(filter.index + 1, only);
    else this.encodeHeaders(filter.index - 1, only);
    for (const [data, end] of waiting) {
      if (isRequest) this.decodeData(filter.index, data, end);
      else this.encodeData(filter.index, data, end);
    }
    if (side.trailers === null) return;
    if (isRequest) this.decodeTrailers(filter.index, side.trailers);
    else this.encodeTrailers(filter.index, side.trailers);
  }

  /**
   * A module's local reply. It passes the response callbacks of the module's filter and all before it, unless it
   * replaces a held upstream response.
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

  /** A local reply by Envoy, which passes all filters. The stream lives on until the running callback has returned. */
  hostReply(status, details) {
    this.details = details;
    const running = this.filters.find(({ vm }) => vm.depth > 0);
    if (running) {
      this.isKept = true;
      running.vm.deferred.push(() => ((this.isKept = false), this.close()));
    }
    const body = Buffer.from(details);
    this.responseHeaders = new Headers({
      ":status": status,
      "content-type": "text/plain",
      "content-length": body.length,
    });
    this.encodeHeaders(this.filters.length - 1, false);
    this.encodeData(this.filters.length - 1, body, true);
  }

  /** A local reply by Envoy in place of a response that is under way. No filter sees it. */
  replaceAnswer(status, details) {
    this.details = details;
    if (this.received.headers) return this.resetClient();
    const body = Buffer.from(details);
    this.responseHeaders = new Headers({ ":status": status, "content-length": body.length });
    this.clientHeaders(false);
    this.clientData(body, true);
  }

  /** The module has trapped: the client gets an error, and a test that expects no trap fails. */
  trapped(filter, error) {
    this.trap = error;
    if (!watch.expectsTrap) throw new Error(`${filter.plugin.name} trapped`, { cause: error });
    if (this.received.headers) return this.resetClient();
    this.received.status = 503;
    this.received.headers = new Headers({ ":status": 503 });
    this.close();
  }

  /** The client disconnects. */
  abort() {
    if (!this.sent.ended) this.sent.aborted = true;
    this.close();
  }

  resetClient() {
    this.received.reset = true;
    this.close();
  }

  close() {
    if (this.closed || this.isKept) return;
    this.closed = true;
    watch.open.delete(this);
    if (!this.received.reset && this.received.headers) this.received.ended = true;
    for (const filter of this.filters) {
      if (filter.vm.failed) continue;
      filter.logging = true;
      // Filters of attempts are not asked to log.
      if (!filter.plugin.isUpstream) filter.guard(() => filter.vm.call("proxy_on_log", filter.id));
      filter.guard(() => filter.vm.call("proxy_on_done", filter.id));
      filter.guard(() => filter.vm.call("proxy_on_delete", filter.id));
      filter.deleted = true;
      filter.vm.contexts.delete(filter.id);
    }
  }
}

/** The credential that clients of ai-cache send, except in tests of credentials. */
export const CREDENTIAL = { authorization: "Bearer demo" };

/**
 * Sends a whole request through a chain and returns the stream. If ai-cache is in the chain, the request has a
 * credential unless `anonymous` is set.
 * @param {Plugin[]} plugins
 * @param {{ method?: string, path?: string, headers?: object | [string, string][], body?: Buffer |
 * string | null, split?: number, length?: boolean, anonymous?: boolean }} request `headers`: as a list
 * they may repeat a name; `split`: bytes per chunk; `length`: whether `content-length` is sent
 */
export function exchange(plugins, request, upstream, options = {}) {
  const stream = new Stream(plugins, upstream, options);
  const body =
    request.body === null || request.body === undefined ? null : Buffer.from(request.body);
  const needsCredential = plugins.some(({ name }) => name === "ai-cache") && !request.anonymous;
  const own = Array.isArray(request.headers) ? {} : (request.headers ?? {});
  const headers = new Headers({
    ":method": request.method ?? "POST",
    ":path": request.path ?? "/v1/chat/completions",
    ":authority": request.authority ?? "gateway.example",
    ...(body === null ? {} : { "content-type": "application/json" }),
    ...(body !== null && request.length !== false ? { "content-length": String(body.length) } : {}),
    ...(needsCredential ? CREDENTIAL : {}),
    ...own,
  });
  if (Array.isArray(request.headers)) {
    for (const [name, value] of request.headers) headers.add(name, value);
  }
  stream.sendHeaders(headers, body === null);
  if (body === null) return stream;
  const step = request.split ?? Math.max(body.length, 1);
  for (let at = 0; at < body.length; at += step) stream.sendBody(body.subarray(at, at + step));
  if (request.trailers) stream.sendTrailers();
  else stream.sendBody("", true);
  return stream;
}

export { EnvoyCrash, Headers, SharedData, Status, Vm };
