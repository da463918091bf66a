/** A search by text has no similarity. */
export const NO_SIMILARITY: f32 = -2;

/** A similarity with three decimals. */
export function formatSimilarity(value: f32): string {
  const thousandths = <i32>nearest<f32>(abs<f32>(value) * 1000);
  const decimals = (thousandths % 1000).toString().padStart(3, "0");
  return (value < 0 ? "-" : "") + (thousandths / 1000).toString() + "." + decimals;
}
