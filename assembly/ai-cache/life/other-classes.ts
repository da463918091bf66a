/** What other Envoys have learned about classes of questions. */
export abstract class OtherClasses {
  /** The contribution of their observations to the weights of a class; null for none. */
  abstract excessOf(id: u64): StaticArray<f64> | null;
}
