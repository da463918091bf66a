import {
  proxy_define_metric,
  proxy_increment_metric,
  proxy_record_metric,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { labelValue, MAX_LABEL, OTHER } from "./label-table";
import { clearSlots, numberSlot32, slotNumber } from "./memory";
import { MetricType, Status } from "./types";

/**
 * Series whose handles one family remembers. The host keeps all: when there are more, those in use are
 * looked up again.
 */
const MAX_SERIES = 2048;
/** Separates label values in the key of a series. */
const SEPARATOR = "\n";

/**
 * Metrics with labels. The labels are written into the name as `name.label=.=value;.;`, the notation of
 * Istio, and the host's `stats_config.stats_tags` extracts them for Prometheus (`envoy/envoy.yaml` has the
 * patterns). Values that clients choose go through a `LabelTable` first.
 */
export class MetricFamily {
  private readonly ids: Map<string, u32> = new Map();

  /**
   * `name`: letters, digits and `_`, not beginning with a digit. `labels`: in the order in which
   * values are given.
   */
  constructor(
    private readonly type: i32,
    private readonly name: string,
    private readonly labels: string[] = [],
  ) {}

  /** Adds `offset` to the counter or gauge with these label values. */
  add(values: string[] = [], offset: i64 = 1): void {
    const id = this.series(values);
    if (id != 0) proxy_increment_metric(id - 1, offset);
  }

  /** Remembers the series with these label values, for `addTo`. */
  handleOf(values: string[]): u32 {
    return this.series(values);
  }

  /** Like `record`, for a series of `handleOf`. */
  recordTo(handle: u32, value: u64): void {
    if (handle != 0) proxy_record_metric(handle - 1, value);
  }

  /** Like `add`, for a series of `handleOf`. */
  addTo(handle: u32, offset: i64): void {
    if (handle != 0) proxy_increment_metric(handle - 1, offset);
  }

  /** Sets the gauge, or records a value in the histogram, with these label values. */
  record(value: u64, values: string[] = []): void {
    const id = this.series(values);
    if (id != 0) proxy_record_metric(id - 1, value);
  }

  /**
   * The metric's number plus one; 0 when the host refuses to define it. Names are built once per
   * combination.
   */
  private series(values: string[]): u32 {
    for (let i = 0; i < values.length; i++) {
      if (values[i].length > MAX_LABEL) values[i] = labelValue(values[i]);
    }
    const key = values.length == 1 ? values[0] : values.join(SEPARATOR);
    if (this.ids.has(key)) return this.ids.get(key);
    if (this.ids.size >= MAX_SERIES) this.ids.clear();
    const text = Bytes.of(this.fullName(values));
    clearSlots();
    const status = proxy_define_metric(this.type, text.pointer, <usize>text.length, slotNumber());
    const id = status == Status.Ok ? numberSlot32() + 1 : 0;
    this.ids.set(key, id);
    return id;
  }

  private fullName(values: string[]): string {
    let name = this.name;
    for (let i = 0; i < this.labels.length; i++) {
      const value = i < values.length ? labelValue(values[i]) : OTHER;
      name += "." + this.labels[i] + "=.=" + value + ";.;";
    }
    return name;
  }
}

/** A family of counters. */
export function counters(name: string, labels: string[] = []): MetricFamily {
  return new MetricFamily(MetricType.Counter, name, labels);
}

/** A family of gauges. */
export function gauges(name: string, labels: string[] = []): MetricFamily {
  return new MetricFamily(MetricType.Gauge, name, labels);
}

/** A family of histograms; the host's buckets suit milliseconds. */
export function histograms(name: string, labels: string[] = []): MetricFamily {
  return new MetricFamily(MetricType.Histogram, name, labels);
}
