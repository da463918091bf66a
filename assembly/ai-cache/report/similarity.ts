/** For matches by words, which have no similarity. */
export const NO_SIMILARITY: f32 = -2;

/** A similarity or a share with three decimals. */
export function formatSimilarity(value: f64): string {
  const thousandths = <i32>nearest<f64>(abs<f64>(value) * 1000);
  const decimals = (thousandths % 1000).toString().padStart(3, "0");
  return (value < 0 ? "-" : "") + (thousandths / 1000).toString() + "." + decimals;
}

/** Thousandths as a percentage. */
export function formatPercent(thousandths: i32): string {
  return (thousandths / 10).toString() + "." + (thousandths % 10).toString() + " %";
}
