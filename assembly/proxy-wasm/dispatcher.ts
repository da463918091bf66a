/**
 * The only owner of contexts. Routes every callback of the host to its context; for an unknown id the
 * default is returned, because Envoy does call contexts that it has deleted.
 */
import { readPluginConfiguration } from "./buffer";
import { RootContext, StreamContext } from "./context";
import { HoldEnd } from "./hold-watch";
import { HttpCallResponse } from "./http-call";
import { DataStatus, HeadersStatus, TrailersStatus } from "./types";

/** Creates the root context of a configured plugin. */
export abstract class RootFactory {
  abstract create(id: u32): RootContext;
}

const roots: Map<u32, RootContext> = new Map();
const streams: Map<u32, StreamContext> = new Map();
let factory: RootFactory | null = null;

/** Registers the factory for root contexts. Called once, by the entry file, at top level. */
export function installRootFactory(rootFactory: RootFactory): void {
  factory = rootFactory;
}

/** The root context `id`, null when it is unknown or deleted. */
export function findRoot(id: u32): RootContext | null {
  return roots.has(id) ? roots.get(id) : null;
}

/** Number of live streams of this VM. */
export function liveStreams(): i32 {
  return streams.size;
}

/** A new root context (`parent` 0) or a new stream of root `parent`. */
export function contextCreate(id: u32, parent: u32): void {
  if (parent == 0) {
    const make = factory;
    if (make !== null) roots.set(id, make.create(id));
    return;
  }
  last = null;
  if (roots.has(parent)) streams.set(id, roots.get(parent).createStream(id));
}

/** Whether the plugin accepts its configuration of `size` bytes. */
export function configure(id: u32, size: i32): bool {
  if (!roots.has(id)) return false;
  return roots.get(id).onConfigure(readPluginConfiguration(size));
}

/** A timer of root `id`. */
export function tick(id: u32): void {
  if (!roots.has(id)) return;
  const root = roots.get(id);
  root.checkHolds();
  root.onTick();
}

/** The status for the request headers of stream `id`. */
export function requestHeaders(id: u32, endOfStream: bool): HeadersStatus {
  const stream = find(id);
  if (stream === null) return HeadersStatus.Continue;
  const status = stream.onRequestHeaders(endOfStream);
  // A request that is complete waits for something else, and ends that by itself.
  if (status != HeadersStatus.StopIteration || stream.replied || endOfStream) return status;
  if (stream.root.holds.canHold) {
    stream.root.watchHold(stream);
    return status;
  }
  stream.onHoldEnd(HoldEnd.OptionMissing);
  return stream.replied ? HeadersStatus.StopAllIterationAndWatermark : HeadersStatus.Continue;
}

/** `DataStatus` for a part of the request body of stream `id`. */
export function requestBody(id: u32, size: i32, endOfStream: bool): DataStatus {
  const stream = find(id);
  if (stream === null) return DataStatus.Continue;
  stream.root.holds.noteBody(stream);
  const reply = stream.waiting;
  if (reply !== null) return stream.replyWhenComplete(reply, endOfStream);
  return stream.onRequestBody(size, endOfStream);
}

/** The status for the request trailers of stream `id`. */
export function requestTrailers(id: u32): TrailersStatus {
  const stream = find(id);
  if (stream === null) return TrailersStatus.Continue;
  const reply = stream.waiting;
  if (reply === null) return stream.onRequestTrailers();
  stream.replyWhenComplete(reply, true);
  return TrailersStatus.StopIteration;
}

/** The status for the response headers of stream `id`. */
export function responseHeaders(id: u32, endOfStream: bool): HeadersStatus {
  const stream = find(id);
  if (stream === null) return HeadersStatus.Continue;
  stream.answered = true;
  return stream.onResponseHeaders(endOfStream);
}

/** `DataStatus` for a part of the response body of stream `id`. */
export function responseBody(id: u32, size: i32, endOfStream: bool): DataStatus {
  const stream = find(id);
  return stream === null ? DataStatus.Continue : stream.onResponseBody(size, endOfStream);
}

/** The status for the response trailers of stream `id`. */
export function responseTrailers(id: u32): TrailersStatus {
  const stream = find(id);
  return stream === null ? TrailersStatus.Continue : stream.onResponseTrailers();
}

/** The answer to a call-out of root `id`. */
export function httpCallResponse(id: u32, token: u32, headers: i32, bodySize: i32): void {
  if (roots.has(id)) roots.get(id).answer(token, new HttpCallResponse(headers, bodySize));
}

/** Whether context `id` may be deleted: a root waits for its call-outs. */
export function done(id: u32): bool {
  return roots.has(id) ? roots.get(id).finish() : true;
}

/** The stream has ended. */
export function logStream(id: u32): void {
  const stream = find(id);
  if (stream !== null) stream.onLog();
}

/** Context `id` is deleted. */
export function remove(id: u32): void {
  const stream = find(id);
  if (stream !== null) {
    stream.ended = true;
    stream.root.holds.drop(stream);
    stream.onDelete();
    streams.delete(id);
    last = null;
  }
  if (roots.has(id)) roots.delete(id);
}

/** The stream that was found last, and its number: its callbacks often come one after the other. */
let lastId: u32 = 0;
let last: StreamContext | null = null;

function find(id: u32): StreamContext | null {
  if (last !== null && lastId == id) return last;
  if (!streams.has(id)) return null;
  lastId = id;
  last = streams.get(id);
  return last;
}
