/**
 * Counts the server-sent events of answers as they stream through, without delaying or changing
 * them: in the metric `count_events_total`, and for the access log in
 * `%FILTER_STATE(wasm.events:PLAIN)%`.
 */
import { readBuffer } from "../../assembly/proxy-wasm/buffer";
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { RootContext, StreamContext } from "../../assembly/proxy-wasm/context";
import { installRootFactory, RootFactory } from "../../assembly/proxy-wasm/dispatcher";
import { responseHeaders } from "../../assembly/proxy-wasm/header-map";
import { counters } from "../../assembly/proxy-wasm/metrics";
import { installPlatform } from "../../assembly/proxy-wasm/platform";
import { StockPlatform } from "../../assembly/proxy-wasm/platforms/stock";
import { setProperty } from "../../assembly/proxy-wasm/property";
import { BufferType, DataStatus, HeadersStatus } from "../../assembly/proxy-wasm/types";
import { SseHandler, SseParser } from "../../assembly/http/sse";

export * from "../../assembly/proxy-wasm/exports";

const CONTENT_TYPE = Bytes.of("content-type");
const EVENT_STREAM = Bytes.of("text/event-stream");
const EVENTS = Bytes.of("events");
const MAX_EVENT_BYTES = 1 << 20;

const total = counters("count_events_total");

class Counter implements SseHandler {
  events: i32 = 0;

  onEvent(type: Bytes, data: Bytes): void {
    this.events++;
  }
}

class CountEventsStream extends StreamContext {
  private parser: SseParser | null = null;
  private readonly counter: Counter = new Counter();

  onResponseHeaders(endOfStream: bool): HeadersStatus {
    const type = responseHeaders.get(CONTENT_TYPE);
    if (type !== null && type.startsWith(EVENT_STREAM))
      this.parser = new SseParser(MAX_EVENT_BYTES);
    return HeadersStatus.Continue;
  }

  onResponseBody(size: i32, endOfStream: bool): DataStatus {
    const parser = this.parser;
    if (parser === null) return DataStatus.Continue;
    parser.push(readBuffer(BufferType.ResponseBody, size), this.counter);
    if (endOfStream) parser.end(this.counter);
    return DataStatus.Continue;
  }

  onLog(): void {
    if (this.parser === null) return;
    total.add([], this.counter.events);
    setProperty(EVENTS, Bytes.of(this.counter.events.toString()));
  }
}

class CountEventsRoot extends RootContext {
  onConfigure(configuration: Bytes): bool {
    return true;
  }

  createStream(id: u32): StreamContext {
    return new CountEventsStream(id, this);
  }
}

class CountEventsFactory extends RootFactory {
  create(id: u32): RootContext {
    return new CountEventsRoot(id);
  }
}

installPlatform(new StockPlatform());
installRootFactory(new CountEventsFactory());
