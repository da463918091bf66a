/** Statistics of pairs of measurements taken one after the other: how much more the second one takes. */

/** Student's t for 95 %, two-sided, by degrees of freedom from 1 on. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

/** The mean with its 95 % interval, which is unbounded for a single value. */
export function interval(list) {
  const mean = list.reduce((sum, each) => sum + each, 0) / list.length;
  if (list.length < 2) return { mean, low: -Infinity, high: Infinity };
  const squares = list.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const freedom = list.length - 1;
  const t = T95[freedom - 1] ?? 1.96 + 2.4 / freedom;
  const half = t * Math.sqrt(squares / freedom / list.length);
  return { mean, low: mean - half, high: mean + half };
}

/** The geometric mean of `after / before` over the pairs with its 95 % interval. */
export function ratio(pairs) {
  const { mean, low, high } = interval(pairs.map(([before, after]) => Math.log(after / before)));
  return { mean: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) };
}

/** The mean of `after - before` over the pairs with its 95 % interval. */
export const difference = (pairs) => interval(pairs.map(([before, after]) => after - before));
