import {
  proxy_define_metric,
  proxy_increment_metric,
  proxy_record_metric,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { clearSlots, numberSlot32, slotNumber } from "./memory";
import { MetricType, Status } from "./types";

/**
 * Label combinations that one family may define in a VM; what comes later is counted under `other`.
 */
const MAX_SERIES = 512;
const OTHER = "other";
/** Stands between label values in the key of a series. */
const SEPARATOR = "\n";
/** Key of the series that takes what comes too late. */
const OVERFLOW = "\n\n";
/** Longest label value. */
const MAX_LABEL = 96;

/**
 * Metrics with labels. The labels are written into the name as `name.label=.=value;.;`, the
 * notation of Istio, and the host's `stats_config.stats_tags` takes them out again for Prometheus
 * (`envoy/envoy.yaml` has the patterns).
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

  /** Sets the gauge, or records a value in the histogram, with these label values. */
  record(value: u64, values: string[] = []): void {
    const id = this.series(values);
    if (id != 0) proxy_record_metric(id - 1, value);
  }

  /**
   * The metric's number plus one; 0 when the host refuses to define it. Names are built once for
   * each combination.
   */
  private series(values: string[]): u32 {
    let key = values.length == 1 ? values[0] : values.join(SEPARATOR);
    if (this.ids.has(key)) return this.ids.get(key);
    let name = this.fullName(values);
    if (this.ids.size >= MAX_SERIES) {
      key = OVERFLOW;
      if (this.ids.has(key)) return this.ids.get(key);
      name = this.fullName([]);
    }
    const text = Bytes.of(name);
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

/**
 * Label values may come from clients: bounded, and without what would break the notation or a text
 * format.
 */
function labelValue(value: string): string {
  let clean = true;
  for (let i = 0; i < value.length; i++) {
    if (!isLabelCharacter(value.charCodeAt(i))) clean = false;
  }
  if (clean && value.length > 0 && value.length <= MAX_LABEL) return value;
  let text = "";
  for (let i = 0; i < value.length && text.length < MAX_LABEL; i++) {
    text += isLabelCharacter(value.charCodeAt(i)) ? value.charAt(i) : "_";
  }
  return text.length > 0 ? text : "none";
}

function isLabelCharacter(code: i32): bool {
  return code > 0x20 && code < 0x7f && code != 0x3b && code != 0x22 && code != 0x5c;
}

/** A family of counters. */
export function counters(name: string, labels: string[] = []): MetricFamily {
  return new MetricFamily(MetricType.Counter, name, labels);
}

/** A family of gauges. */
export function gauges(name: string, labels: string[] = []): MetricFamily {
  return new MetricFamily(MetricType.Gauge, name, labels);
}

/** A family of histograms; the host's buckets are made for milliseconds. */
export function histograms(name: string, labels: string[] = []): MetricFamily {
  return new MetricFamily(MetricType.Histogram, name, labels);
}
