/**
 * One Wasm VM with the host functions of Proxy-Wasm 0.2.1, faithful to Envoy where it matters to modules: it
 * re-enters `malloc` for every value, rejects calls during initialisation, returns a null pointer for empty
 * values, and is dead after a trap.
 */
import { Headers } from "./headers.mjs";
import { mutantImports } from "./mutant.mjs";
import { watch } from "./watch.mjs";

export const Status = {
  Ok: 0,
  NotFound: 1,
  BadArgument: 2,
  Empty: 7,
  CasMismatch: 8,
  InternalFailure: 10,
};

/** Thrown for calls that would crash the Envoy process. */
export class EnvoyCrash extends Error {
  constructor(message) {
    super(message);
    watch.crash(this);
  }
}

/** Thrown into the module for a call that is not allowed at this point. */
class RestrictedCallback extends Error {}

/** Data shared by all VMs with one `vm_id`. */
export class SharedData {
  constructor() {
    /** @type {Map<string, { value: Buffer, cas: number }>} */
    this.values = new Map();
    this.nextCas = 1;
  }

  get bytes() {
    let total = 0;
    for (const { value } of this.values.values()) total += value.length;
    return total;
  }
}

/** Modules are compiled once per file content and process. */
const compiled = new Map();

export class Vm {
  /**
   * @param {Buffer} code
   * @param {{ shared?: SharedData, now?: () => number, logLevel?: number, metrics?: Map<string,
   * number>, higress?: boolean, environment?: object }} options `now`: milliseconds. `metrics` may be shared between VMs,
   * as in one Envoy.
   */
  constructor(code, options = {}) {
    this.shared = options.shared ?? new SharedData();
    this.now = options.now ?? (() => Date.now());
    this.logLevel = options.logLevel ?? 2;
    this.metrics = options.metrics ?? new Map();
    this.metricNames = [];
    this.logs = [];
    this.failed = false;
    this.tickPeriods = new Map();
    /** Context id → object with the maps and buffers of that context. */
    this.contexts = new Map();
    /** How often the module has called each host function, except for logging. */
    this.callsByName = new Map();
    this.current = 0;
    this.effective = 0;
    this.depth = 0;
    this.deferred = [];
    this.calls = new Map();
    this.nextToken = 1;
    /** Decides what starting a call-out returns: one of `Status`. */
    this.onHttpCall = () => Status.BadArgument;
    this.foreign = new Map();
    /**
     * Higress: names of the Redis clusters that the worker knows, the clients created, the pending calls.
     */
    this.higress = options.higress ?? false;
    this.redis = new Set();
    this.redisClients = new Map();
    this.redisCalls = new Map();
    this.nextRedisToken = 3;
    this.restricted = true;
    const key = code.toString("latin1");
    if (!compiled.has(key)) compiled.set(key, new WebAssembly.Module(code));
    this.module = compiled.get(key);
    this.environment = options.environment ?? {};
    this.instance = new WebAssembly.Instance(this.module, {
      env: this.imports(),
      wasi_snapshot_preview1: this.wasi(),
    });
    this.exports = this.instance.exports;
    this.exports._initialize();
    this.restricted = false;
  }

  /** Calls of host functions so far, except for logging. */
  get hostCalls() {
    return [...this.callsByName.values()].reduce((sum, calls) => sum + calls, 0);
  }

  get memoryBytes() {
    return this.exports.memory.buffer.byteLength;
  }

  /**
   * Calls an export with `context` current; a trap kills the VM. Deferred actions run when the
   * outermost call has returned.
   */
  call(name, context, ...args) {
    const fn = this.exports[name];
    if (!fn) return 0;
    if (this.failed) throw new Error("the VM is dead");
    const before = [this.current, this.effective];
    this.current = this.effective = context;
    this.depth++;
    let result;
    try {
      result = fn(context, ...args);
    } catch (error) {
      if (error instanceof EnvoyCrash) throw error;
      this.failed = true;
      watch.trap(`${name}: ${error.message}\n${this.logText(5)}`);
      throw error;
    } finally {
      this.depth--;
      [this.current, this.effective] = before;
    }
    return result;
  }

  /** Runs the actions that host calls deferred. */
  runDeferred() {
    while (this.deferred.length > 0) this.deferred.shift()();
  }

  /** Log messages of this level and above, joined. */
  logText(level = 0) {
    return this.logs
      .filter((line) => line.level >= level)
      .map((line) => line.text)
      .join("\n");
  }

  /** Like `logText`, but the lines need no `expectLog`, because the test checks all of them. */
  takeLog(level = 3) {
    for (const line of this.logs) if (line.level >= level) watch.taken(line);
    return this.logText(level);
  }

  bytes(pointer, length) {
    return Buffer.from(new Uint8Array(this.exports.memory.buffer, pointer, length));
  }

  text(pointer, length) {
    return this.bytes(pointer, length).toString("utf8");
  }

  header(pointer, length) {
    return this.bytes(pointer, length).toString("latin1");
  }

  setU32(pointer, value) {
    new DataView(this.exports.memory.buffer).setUint32(pointer, value, true);
  }

  setU64(pointer, value) {
    new DataView(this.exports.memory.buffer).setBigUint64(pointer, BigInt(value), true);
  }

  /** Returns a value to the module: in a block from its allocator, or 0, 0 if it is empty. */
  give(value, pointerSlot, sizeSlot) {
    if (value.length === 0) {
      this.setU32(pointerSlot, 0);
      this.setU32(sizeSlot, 0);
      return;
    }
    this.restricted = true;
    const block = this.exports.malloc(value.length);
    this.restricted = false;
    new Uint8Array(this.exports.memory.buffer, block, value.length).set(value);
    this.setU32(pointerSlot, block);
    this.setU32(sizeSlot, value.length);
  }

  /** The header map that the effective context currently has; null if it has none. */
  map(type) {
    const call = this.answering;
    if (type === 6) return call ? call.headers : null;
    const context = this.contexts.get(this.effective);
    return context?.map ? context.map(type) : null;
  }

  imports() {
    const guarded =
      (fn) =>
      (...args) => {
        if (this.restricted) throw new RestrictedCallback("restricted_callback");
        return fn(...args);
      };
    const table = {
      proxy_get_property: (key, keyLength, pointer, size) => {
        const path = this.text(key, keyLength);
        const value = this.contexts.get(this.effective)?.property?.(path);
        if (value === undefined) return Status.NotFound;
        this.give(Buffer.from(value), pointer, size);
        return Status.Ok;
      },
      proxy_set_property: (key, keyLength, value, valueLength) => {
        const context = this.contexts.get(this.effective);
        if (!context?.setProperty) return Status.NotFound;
        context.setProperty(this.text(key, keyLength), this.bytes(value, valueLength));
        return Status.Ok;
      },
      proxy_get_header_map_value: (type, key, keyLength, pointer, size) => {
        const map = this.map(type);
        if (!map) return Status.BadArgument;
        const value = map.get(this.header(key, keyLength));
        if (value === undefined) return Status.NotFound;
        this.give(Buffer.from(value, "latin1"), pointer, size);
        return Status.Ok;
      },
      proxy_get_header_map_pairs: (type, pointer, size) => {
        const map = this.map(type);
        this.give(map ? map.serialize() : Buffer.alloc(0), pointer, size);
        return Status.Ok;
      },
      proxy_add_header_map_value: (type, key, keyLength, value, valueLength) => {
        const map = this.map(type);
        if (!map || map.readOnly) return Status.BadArgument;
        map.add(this.header(key, keyLength), this.header(value, valueLength));
        return Status.Ok;
      },
      proxy_replace_header_map_value: (type, key, keyLength, value, valueLength) => {
        const map = this.map(type);
        if (!map || map.readOnly) return Status.BadArgument;
        map.set(this.header(key, keyLength), this.header(value, valueLength));
        return Status.Ok;
      },
      proxy_remove_header_map_value: (type, key, keyLength) => {
        const map = this.map(type);
        if (!map || map.readOnly) return Status.BadArgument;
        map.remove(this.header(key, keyLength));
        return Status.Ok;
      },
      proxy_get_buffer_bytes: (type, start, length, pointer, size) => {
        const buffer = this.buffer(type);
        if (!buffer) return Status.BadArgument;
        this.give(buffer.read(start, length >>> 0), pointer, size);
        return Status.Ok;
      },
      proxy_set_buffer_bytes: (type, start, length, data, size) => {
        const buffer = this.buffer(type);
        if (!buffer?.write) return Status.BadArgument;
        return buffer.write(start >>> 0, length >>> 0, this.bytes(data, size));
      },
      proxy_send_local_response: (status, d, dLength, body, bodyLength, pairs, pairsLength) => {
        const context = this.contexts.get(this.effective);
        if (!context?.localReply) return Status.BadArgument;
        const reply = {
          status,
          details: this.text(d, dLength),
          body: this.bytes(body, bodyLength),
          headers: Headers.parse(this.bytes(pairs, pairsLength)),
        };
        this.deferred.push(() => context.localReply(reply));
        return Status.Ok;
      },
      proxy_continue_stream: (type) => {
        const context = this.contexts.get(this.effective);
        if (context?.continue) this.deferred.push(() => context.continue(type));
        return Status.Ok;
      },
      proxy_close_stream: () => Status.Ok,
      proxy_http_call: (cluster, cLength, pairs, pLength, body, bLength, t, tLength, ms, token) => {
        const call = {
          cluster: this.text(cluster, cLength),
          headers: Headers.parse(this.bytes(pairs, pLength)),
          body: this.bytes(body, bLength),
          timeoutMs: ms,
          root: this.rootOf(this.current),
        };
        for (const name of [":method", ":path", ":authority"]) {
          if (call.headers.get(name) === undefined) return Status.BadArgument;
        }
        if (ms === 0) throw new EnvoyCrash("a call-out without timeout never ends");
        const status = this.onHttpCall(call);
        if (status !== Status.Ok) return status;
        call.token = this.nextToken++;
        this.calls.set(call.token, call);
        this.setU32(token, call.token);
        return Status.Ok;
      },
      proxy_set_effective_context: (context) => {
        if (!this.contexts.has(context)) return Status.BadArgument;
        this.effective = context;
        return Status.Ok;
      },
      proxy_done: () => {
        const context = this.contexts.get(this.effective);
        if (!context?.finished) return Status.NotFound;
        this.deferred.push(() => context.finished());
        return Status.Ok;
      },
      proxy_set_tick_period_milliseconds: (ms) => {
        this.tickPeriods.set(this.rootOf(this.current), ms);
        return Status.Ok;
      },
      proxy_get_shared_data: (key, keyLength, pointer, size, cas) => {
        const entry = this.shared.values.get(this.header(key, keyLength));
        if (!entry) return Status.NotFound;
        this.give(entry.value, pointer, size);
        this.setU32(cas, entry.cas);
        return Status.Ok;
      },
      proxy_set_shared_data: (key, keyLength, value, valueLength, cas) => {
        const name = this.header(key, keyLength);
        const entry = this.shared.values.get(name);
        if (entry && cas !== 0 && entry.cas !== cas) return Status.CasMismatch;
        this.shared.values.set(name, {
          value: this.bytes(value, valueLength),
          cas: this.shared.nextCas++,
        });
        return Status.Ok;
      },
      proxy_define_metric: (type, name, nameLength, id) => {
        this.metricNames.push(this.text(name, nameLength));
        const text = this.metricNames.at(-1);
        if (!this.metrics.has(text)) this.metrics.set(text, 0);
        this.setU32(id, this.metricNames.length - 1);
        return Status.Ok;
      },
      proxy_increment_metric: (id, offset) => {
        const name = this.metricNames[id];
        if (name === undefined) return Status.BadArgument;
        this.metrics.set(name, this.metrics.get(name) + Number(offset));
        return Status.Ok;
      },
      proxy_record_metric: (id, value) => {
        const name = this.metricNames[id];
        if (name === undefined) return Status.BadArgument;
        this.metrics.set(name, Number(value));
        return Status.Ok;
      },
      proxy_call_foreign_function: (name, nameLength, args, argsLength, pointer, size) => {
        const fn = this.foreign.get(this.text(name, nameLength));
        if (!fn) return Status.NotFound;
        this.give(Buffer.from(fn(this.bytes(args, argsLength))), pointer, size);
        return Status.Ok;
      },
    };
    // Only in Higress: a module for stock Envoy that imports these must not link.
    if (this.higress) {
      table.proxy_redis_init = (
        cluster,
        length,
        user,
        userLength,
        password,
        passwordLength,
        ms,
      ) => {
        const name = this.text(cluster, length);
        if (!this.redis.has(name.split("?")[0])) return Status.BadArgument;
        this.redisClients.set(name, {
          user: this.text(user, userLength),
          password: this.text(password, passwordLength),
          timeoutMs: ms,
        });
        return Status.Ok;
      };
      table.proxy_redis_call = (cluster, length, query, queryLength, token) => {
        const name = this.text(cluster, length);
        if (!this.redisClients.has(name)) return Status.BadArgument;
        const call = {
          cluster: name,
          query: this.bytes(query, queryLength),
          root: this.rootOf(this.current),
        };
        this.redisCalls.set((call.token = this.nextRedisToken), call);
        this.nextRedisToken += 4;
        this.setU32(token, call.token);
        return Status.Ok;
      };
    }
    const imports = {};
    for (const [name, fn] of Object.entries(table)) imports[name] = guarded(fn);
    // Allowed at any time.
    imports.proxy_log = (level, message, length) => {
      const line = { level, text: this.text(message, length) };
      this.logs.push(line);
      watch.log(line);
      return Status.Ok;
    };
    imports.proxy_get_current_time_nanoseconds = (out) => {
      this.setU64(out, BigInt(Math.floor(this.now() * 1e6)));
      return Status.Ok;
    };
    imports.proxy_get_log_level = guarded((out) => {
      this.setU32(out, this.logLevel);
      return Status.Ok;
    });
    const count = this.callsByName;
    for (const [name, fn] of Object.entries(imports)) {
      if (name === "proxy_log") continue;
      count.set(name, 0);
      imports[name] = (...args) => {
        count.set(name, count.get(name) + 1);
        return fn(...args);
      };
    }
    // These are not host functions, so they are not counted.
    return Object.assign(imports, mutantImports);
  }

  /** The part of WASI that the modules use: the variables in `vm_config.environment_variables`. */
  wasi() {
    const entries = () =>
      Object.entries(this.environment).map(([name, value]) => Buffer.from(`${name}=${value}\0`));
    return {
      environ_sizes_get: (count, size) => {
        this.setU32(count, entries().length);
        this.setU32(size, Buffer.concat(entries()).length);
        return 0;
      },
      environ_get: (addresses, buffer) => {
        let at = buffer;
        for (const [index, entry] of entries().entries()) {
          this.setU32(addresses + 4 * index, at);
          new Uint8Array(this.exports.memory.buffer).set(entry, at);
          at += entry.length;
        }
        return 0;
      },
    };
  }

  buffer(type) {
    if (type === 4) {
      const call = this.answering;
      return call && { read: (start, length) => call.body.subarray(start, start + length) };
    }
    if (type === 9) {
      const reply = this.redisReply;
      return reply && { read: (start, length) => reply.subarray(start, start + length) };
    }
    if (type === 7) {
      const config = this.contexts.get(this.effective)?.configuration;
      return config && { read: (start, length) => config.subarray(start, start + length) };
    }
    return this.contexts.get(this.effective)?.buffer?.(type);
  }

  rootOf(context) {
    return this.contexts.get(context)?.root ?? context;
  }

  /**
   * Answers a call-out.
   * @param {number} token
   * @param {{ status?: number, headers?: object, body?: Buffer | string } | null} answer null:
   * reset, no headers
   */
  answer(token, answer) {
    const call = this.calls.get(token);
    if (!call) throw new Error(`no call-out ${token}`);
    this.calls.delete(token);
    const headers = new Headers(
      answer ? { ":status": answer.status ?? 200, ...(answer.headers ?? {}) } : {},
    );
    this.answering = { headers, body: Buffer.from(answer?.body ?? "") };
    try {
      const size = this.answering.body.length;
      this.call("proxy_on_http_call_response", call.root, token, headers.fields.length, size, 0);
    } finally {
      this.answering = null;
    }
    this.runDeferred();
  }

  /** Answers a Redis call with RESP, or with null for a network failure. */
  answerRedis(token, reply) {
    const call = this.redisCalls.get(token);
    if (!call) throw new Error(`no Redis call ${token}`);
    this.redisCalls.delete(token);
    this.redisReply = reply === null ? null : Buffer.from(reply);
    try {
      const size = this.redisReply?.length ?? 0;
      this.call("proxy_on_redis_call_response", call.root, token, reply === null ? 1 : 0, size);
    } finally {
      this.redisReply = null;
    }
    this.runDeferred();
  }
}
