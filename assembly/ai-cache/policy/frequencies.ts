/** How often keys were asked for lately. */
export abstract class Frequencies {
  /** How many requests all workers have for one of this one. */
  perOwn: f32 = 1;

  /** Counts a key; gives how often it was seen, 15 for 15 or more. */
  abstract record(key: u64): i32;

  /** How often a key was seen, 15 for 15 or more. */
  abstract count(key: u64): i32;
}
