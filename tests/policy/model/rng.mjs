// Deterministic random numbers (xorshift128+ on 32-bit halves is overkill: mulberry32 is enough here).
export function rng(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
export function normal(r) {
  return Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());
}
export function exponential(r, rate) {
  return -Math.log(1 - r()) / rate;
}
export function gamma(r, k) {
  if (k < 1) return gamma(r, k + 1) * Math.pow(1 - r(), 1 / k);
  const d = k - 1 / 3,
    c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(r),
      v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - r()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
export function beta(r, a, b) {
  const x = gamma(r, a),
    y = gamma(r, b);
  return x / (x + y);
}
/** Zipf over 0..n-1 by inversion on a cumulative table. */
export function zipf(r, n, s) {
  const cum = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) cum[i] = sum += 1 / Math.pow(i + 1, s);
  return () => {
    const x = r() * sum;
    let lo = 0,
      hi = n - 1;
    while (lo < hi) {
      const m = (lo + hi) >> 1;
      if (cum[m] < x) lo = m + 1;
      else hi = m;
    }
    return lo;
  };
}
