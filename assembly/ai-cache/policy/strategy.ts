/** How a store makes room. */
export class Strategy {
  constructor(
    readonly name: string,
    /** Part of the capacity that new entries pass through, in the order of their arrival. */
    readonly window: f64,
    /** Whether an entry that was asked for again in the window stays without a contest. */
    readonly promotes: bool,
    /** Half-life of an unused entry's worth, in requests as multiples of the entries; 0 for none. */
    readonly fade: f64,
  ) {}
}

/** By their numbers in the store's state. */
export const STRATEGIES: Strategy[] = [
  // Few new entries, and those by contest alone: repeated sets, scans.
  new Strategy("guard", 0.02, false, 0),
  new Strategy("even", 0.1, true, 0),
  // Much room for what is new: news, changing topics.
  new Strategy("fresh", 0.4, true, 8),
];
/** Where a store starts. */
export const USUAL_STRATEGY: u8 = 1;

/** What eviction keeps: the exponent of cost by bytes in an entry's worth. */
export enum Value {
  Hits,
  Balanced,
  Tokens,
}
