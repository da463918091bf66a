/** An eviction strategy. */
export class Strategy {
  constructor(
    readonly name: string,
    /** Share of the capacity for the FIFO window of new entries. */
    readonly window: f64,
    /** Whether an entry that was requested again in the window stays without a contest. */
    readonly promotes: bool,
    /** Half-life of an unused entry's value, in requests per entry; 0 for none. */
    readonly fade: f64,
  ) {}
}

/** By their numbers in the store's state. */
export const STRATEGIES: Strategy[] = [
  // A small window, admission only by contest: for repeated sets and scans.
  new Strategy("guard", 0.02, false, 0),
  new Strategy("even", 0.1, true, 0),
  // A large window: for news and changing topics.
  new Strategy("fresh", 0.4, true, 8),
];
/** The initial strategy. */
export const DEFAULT_STRATEGY: u8 = 1;

/** What eviction keeps: the exponent of cost by bytes in an entry's worth. */
export enum Value {
  Hits,
  Balanced,
  Tokens,
}
