/** Finds out, with the built module, which parts of two requests give them different cache entries. */
import { readFileSync } from "node:fs";
import { exchange, integer, Plugin } from "../../tests/host/chain.mjs";
import { builtModule } from "./targets.mjs";

const upstream = () => ({ headers: { "content-type": "text/plain" }, chunks: ["no answer"] });

/**
 * A request as written in a file: `{ headers, path, authority, body, place }`. `headers` is an object
 * whose values may be lists, `body` JSON or a text, `place` an object of properties.
 */
export class WrittenRequest {
  /** @param {string} text JSON @param {string} name for messages */
  static parse(text, name) {
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Error(`${name} is not JSON: ${error.message}`, { cause: error });
    }
    const known = ["headers", "path", "authority", "body", "place"];
    const strange = Object.keys(value ?? {}).filter((key) => !known.includes(key));
    if (typeof value !== "object" || value === null || value.body === undefined) {
      throw new Error(`${name} has no "body"`);
    }
    if (strange.length > 0) {
      throw new Error(`${name} has "${strange[0]}"; it may have ${known.join(", ")}`);
    }
    return value;
  }
}

/**
 * The parts of a request: `header x`, `path`, `authority`, `place x` and `body`, with their values.
 */
export function partsOf(request) {
  const parts = new Map();
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const lines = [value].flat().map(String);
    const key = `header ${name.toLowerCase()}`;
    parts.set(key, [...(parts.get(key) ?? []), ...lines]);
  }
  for (const name of ["path", "authority"]) if (name in request) parts.set(name, request[name]);
  for (const [name, value] of Object.entries(request.place ?? {}))
    parts.set(`place ${name}`, value);
  parts.set("body", request.body);
  return parts;
}

/** The request with these parts. */
export function requestOf(parts) {
  const request = { headers: [], place: {}, body: parts.get("body") };
  for (const [name, value] of parts) {
    const [kind, key] = name.split(" ");
    if (kind === "header") for (const line of value) request.headers.push([key, line]);
    else if (kind === "place") request.place[key] = value;
    else if (kind !== "body") request[kind] = value;
  }
  return request;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The paths of the innermost members in which two JSON values differ. */
function* differences(a, b, path = []) {
  if (JSON.stringify(a) === JSON.stringify(b)) return;
  const isList = Array.isArray(a) && Array.isArray(b) && a.length === b.length;
  if (!isList && !(isObject(a) && isObject(b))) {
    yield path;
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (key in a && key in b) yield* differences(a[key], b[key], [...path, key]);
    else yield [...path, key];
  }
}

/** `value` with the member at `path` as in `other`, or without it if `other` has none. */
function withMember(value, other, path) {
  if (path.length === 0) return other;
  const [key, ...rest] = path;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  if (rest.length === 0 && !(key in other)) delete copy[key];
  else copy[key] = withMember(value[key], other[key], rest);
  return copy;
}

/** Asks a configured ai-cache for keys. */
export class Keys {
  /** @param {object} configuration of ai-cache; throws if it rejects this */
  constructor(configuration = {}) {
    this.plugin = new Plugin("ai-cache", readFileSync(builtModule("ai-cache")), {
      ...configuration,
      explain: true,
    });
    if (!this.plugin.accepted) throw new Error(this.plugin.vm.logText(4));
  }

  /** The reason, key and scope of a request; key and scope are empty if it is not looked up. */
  of({ headers, body, place, ...request }) {
    const properties = Object.fromEntries(
      Object.entries(place).map(([name, value]) => [
        name,
        typeof value === "number" ? integer(value) : value,
      ]),
    );
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const stream = exchange(
      [this.plugin],
      { ...request, headers, body: text, anonymous: true },
      upstream,
      { properties },
    );
    const status = stream.received.headers?.get("cache-status") ?? "";
    return {
      reason: stream.attribute("ai_cache") ?? "not configured for it",
      key: /key="(\w+)"/.exec(status)?.[1] ?? "",
      scope: /scope="(\w+)"/.exec(status)?.[1] ?? "",
    };
  }
}

/**
 * Compares two requests: for each part in which they differ, whether that difference alone changes the key, and
 * whether it changes the scope, within which semantic matches are possible.
 */
export function compareRequests(first, second, configuration) {
  const keys = new Keys(configuration);
  const [a, b] = [partsOf(first), partsOf(second)];
  const own = keys.of(requestOf(a));
  const parts = [];
  const judge = (name, changed) => {
    const found = keys.of(requestOf(changed));
    const isCached = found.key !== "" && own.key !== "";
    parts.push({
      name,
      splits: !isCached || found.key !== own.key,
      scope: !isCached || found.scope !== own.scope,
      reason: isCached ? "" : found.reason,
    });
  };
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    if (name === "body" || JSON.stringify(a.get(name)) === JSON.stringify(b.get(name))) continue;
    const changed = new Map(a);
    if (b.has(name)) changed.set(name, b.get(name));
    else changed.delete(name);
    judge(name, changed);
  }
  const [before, after] = [a.get("body"), b.get("body")];
  for (const path of differences(before, after)) {
    const name = ["body", ...path].join(".");
    judge(name, new Map(a).set("body", withMember(before, after, path)));
  }
  return { first: own, second: keys.of(requestOf(b)), parts };
}
