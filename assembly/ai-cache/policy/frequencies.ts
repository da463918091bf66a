/** How often keys were requested recently. */
export abstract class Frequencies {
  /** Requests of all workers per request of this one. */
  perOwn: f32 = 1;

  /** Counts a key; returns how often it was seen, 15 for 15 or more. */
  abstract record(key: u64): i32;

  /** How often a key was seen, 15 for 15 or more. */
  abstract count(key: u64): i32;
}
