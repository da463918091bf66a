/** One-sided 95 %. */
export const Z95: f64 = 1.645;

/** Upper limit of the mean of a count that came out as `count` (Wilson and Hilferty's, of Poisson's). */
export function poissonUpper(count: f64, z: f64): f64 {
  const a = count + 1;
  const root = 1 - 1 / (9 * a) + z / (3 * sqrt<f64>(a));
  return a * root * root * root;
}

/** Upper limit of a share of which `count` of `all` were seen (Wilson's). `all` above 0. */
export function wilsonUpper(count: f64, all: f64, z: f64): f64 {
  return wilson(count, all, z, 1);
}

/** Lower limit of the same. */
export function wilsonLower(count: f64, all: f64, z: f64): f64 {
  return max<f64>(0, wilson(count, all, z, -1));
}

function wilson(count: f64, all: f64, z: f64, sign: f64): f64 {
  const p = count / all;
  const spread = z * sqrt<f64>(max<f64>(0, (p * (1 - p)) / all + (z * z) / (4 * all * all)));
  return (p + (z * z) / (2 * all) + sign * spread) / (1 + (z * z) / all);
}
