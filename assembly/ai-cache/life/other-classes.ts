/** What others have learned of classes of questions. */
export abstract class OtherClasses {
  /** What their observations have added to the weights of a class; null when they know none. */
  abstract excessOf(id: u64): StaticArray<f64> | null;
}
