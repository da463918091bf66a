import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowSeconds } from "../proxy-wasm/clock";
import {
  getShared,
  readShared,
  setShared,
  setSharedIf,
  SharedValue,
} from "../proxy-wasm/shared-data";
import { compareMemory } from "../proxy-wasm/compare";
import { FINGERPRINT_BYTES, fingerprintOf, NO_FINGERPRINT } from "./mark";

/**
 * Shared data that every ai-proxy of a `vm_id` writes when it is configured, and ai-cache reads: which
 * configurations there are, and a generation that increases whenever that changes, so that outdated
 * knowledge is discarded.
 */
const KEY = Bytes.of("ai-proxy registry 1");
const PLUGIN = Bytes.of("ai-proxy plugin 1");
const REGISTRY_BYTES: i32 = 8 + 2 * FINGERPRINT_BYTES;
const PLUGIN_BYTES: i32 = FINGERPRINT_BYTES + 8;
/** Attempts to write in competition with other threads. */
const TRIES: i32 = 64;
/**
 * Seconds for which connections may continue with the configuration that they began with: Envoy drains for
 * ten minutes unless configured otherwise.
 */
const DRAIN_SECONDS: u64 = 900;

/** Where the host writes the value. */
const reading = new ArrayBuffer(REGISTRY_BYTES);
/** The last value read: it is usually unchanged. */
let lastBytes: Bytes = Bytes.empty();
let lastRead: Registry | null = null;

/** The known configurations of ai-proxy under this `vm_id`. */
export class Registry {
  constructor(
    /** Increases with every change. */
    readonly generation: u64,
    /** The digest of the one configuration; `NO_FINGERPRINT` when there are several. */
    readonly digest: Bytes,
    /** Its fingerprint at every place; `NO_FINGERPRINT` when places differ. */
    readonly fingerprint: Bytes,
  ) {}

  /** Whether one fingerprint holds at every place. */
  get isUniform(): bool {
    return !this.fingerprint.equals(NO_FINGERPRINT);
  }

  /** Null when no ai-proxy has been configured under this `vm_id`. */
  static read(): Registry | null {
    const at = changetype<usize>(reading);
    const length = readShared(KEY, at, REGISTRY_BYTES);
    if (length != REGISTRY_BYTES) return null;
    const known = lastRead;
    if (known !== null && compareMemory(at, lastBytes.pointer, REGISTRY_BYTES) == 0) return known;
    lastBytes = Bytes.wrap(reading).copy();
    lastRead = decode(lastBytes);
    return lastRead;
  }

  encode(): Bytes {
    const out = new ByteWriter(REGISTRY_BYTES).uint(this.generation, 8);
    return out.bytes(this.digest).bytes(this.fingerprint).toBytes();
  }
}

/**
 * Registers that the plugin `name` is now configured with `digest`. `fingerprint`: if it is the same at
 * every place, else `NO_FINGERPRINT`. Called when it is configured, on any thread.
 */
export function register(name: Bytes, digest: Bytes, fingerprint: Bytes): void {
  const isNew = notePlugin(name, digest);
  for (let left = TRIES; left > 0; left--) {
    const value = getShared(KEY);
    const known = registryIn(value);
    if (value === null || known === null) {
      setShared(KEY, new Registry(1, digest, fingerprint).encode());
      // Two first writers may both succeed, hence the second read.
      continue;
    }
    const isOne = !known.digest.equals(NO_FINGERPRINT);
    if (isOne ? known.digest.equals(digest) : !isNew) return;
    const next = new Registry(known.generation + 1, NO_FINGERPRINT, NO_FINGERPRINT);
    if (setSharedIf(KEY, next.encode(), value.cas)) return;
  }
}

/** Invalidates what is known about places. */
export function raiseGeneration(): void {
  for (let left = TRIES; left > 0; left--) {
    const value = getShared(KEY);
    const known = registryIn(value);
    if (value === null || known === null) return;
    const next = new Registry(known.generation + 1, known.digest, known.fingerprint);
    if (setSharedIf(KEY, next.encode(), value.cas)) return;
  }
}

/**
 * Whether plugin `name` has been configured otherwise than with `digest` of late: who has `digest`
 * then serves connections that began before, or is another plugin of the same name.
 */
export function isSuperseded(name: Bytes, digest: Bytes): bool {
  const value = getShared(pluginKey(name));
  if (value === null || value.data.length != PLUGIN_BYTES) return false;
  if (value.data.slice(0, FINGERPRINT_BYTES).equals(digest)) return false;
  const since = load<u64>(value.data.pointer + <usize>FINGERPRINT_BYTES);
  return nowSeconds() < since + DRAIN_SECONDS;
}

/** Notes the configuration of a plugin; whether it had another before, or none. */
function notePlugin(name: Bytes, digest: Bytes): bool {
  const key = pluginKey(name);
  const value = getShared(key);
  const isKnown =
    value !== null &&
    value.data.length == PLUGIN_BYTES &&
    value.data.slice(0, FINGERPRINT_BYTES).equals(digest);
  if (isKnown) return false;
  setShared(key, new ByteWriter(PLUGIN_BYTES).bytes(digest).uint(nowSeconds(), 8).toBytes());
  return true;
}

/** The plugin that was asked about last, and its key: every request asks. */
let lastName: Bytes = Bytes.empty();
let lastKey: Bytes = Bytes.empty();

function pluginKey(name: Bytes): Bytes {
  if (lastKey.length > 0 && lastName.equals(name)) return lastKey;
  lastName = name;
  lastKey = new ByteWriter(64).bytes(PLUGIN).bytes(fingerprintOf(name)).toBytes();
  return lastKey;
}

function registryIn(value: SharedValue | null): Registry | null {
  return value === null ? null : decode(value.data);
}

function decode(data: Bytes): Registry | null {
  if (data.length != REGISTRY_BYTES) return null;
  const digestEnd = 8 + FINGERPRINT_BYTES;
  const generation = load<u64>(data.pointer);
  return new Registry(generation, data.slice(8, digestEnd), data.slice(digestEnd));
}
