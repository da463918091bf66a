/** Synthetic workloads, from fixed seeds: ids of requests, and for each id its cost in tokens and its bytes. */
import { rng, zipf, normal } from "./rng.mjs";

/** Tokens and bytes of one answer: prompt and answer lengths are lognormal; half of the questions come with a long context. */
export function priced(r) {
  const long = r() < 0.3;
  const input = Math.min(
    32000,
    Math.max(20, Math.exp(Math.log(long ? 4000 : 150) + (long ? 0.8 : 0.9) * normal(r))),
  );
  const output = Math.min(4096, Math.max(2, Math.exp(Math.log(250) + 1.0 * normal(r))));
  // Record: answer JSON (4.3 B a token, 400 B of envelope), question (at most 150 tokens of 4 B), key and note 300 B.
  return [
    Math.round(input + 4 * output),
    Math.round(700 + 4.3 * output + 4 * Math.min(input, 150)),
  ];
}
export function finish(raw, seed) {
  const r = rng(seed ^ 0x9e3779b9),
    map = new Map(),
    ids = new Uint32Array(raw.length),
    cost = [],
    size = [];
  for (let i = 0; i < raw.length; i++) {
    let id = map.get(raw[i]);
    if (id === undefined) {
      id = map.size;
      map.set(raw[i], id);
      const [c, s] = priced(r);
      cost.push(c);
      size.push(s);
    }
    ids[i] = id;
  }
  return { ids, cost: Uint32Array.from(cost), size: Uint32Array.from(size) };
}
/** The synthetic workloads by name. */
export const SYNTHETIC = {
  zipf06: (n) => plain(n, 0.6),
  zipf08: (n) => plain(n, 0.8),
  zipf10: (n) => plain(n, 1.0),
  zipf12: (n) => plain(n, 1.2),
  /** Half of all requests are asked once only. */
  onehit(n) {
    const r = rng(11),
      z = zipf(r, 30000, 0.9);
    let next = 1e6;
    return draw(n, () => (r() < 0.5 ? next++ : z()));
  },
  /** Batch jobs: now and then 10,000 questions in a row that never come again. */
  scans(n) {
    const r = rng(12),
      z = zipf(r, 30000, 1.0);
    let next = 1e6,
      left = 0;
    return draw(n, () => {
      if (left > 0) {
        left--;
        return next++;
      }
      if (r() < 1 / 40000) left = 10000;
      return z();
    });
  },
  /** A test battery of 8,000 questions runs round and round between the others. */
  loop(n) {
    const r = rng(13),
      z = zipf(r, 30000, 0.9);
    let at = 0;
    return draw(n, () => (r() < 0.5 ? 1e6 + (at++ % 8000) : z()));
  },
  /** Every 25,000 requests a tenth of all questions change their ranks. */
  shift(n) {
    const r = rng(14),
      size = 30000,
      z = zipf(r, size, 0.9),
      map = Uint32Array.from({ length: size }, (_, i) => i);
    let next = size;
    return draw(n, (i) => {
      if (i % 25000 === 24999)
        for (let k = 0; k < size / 10; k++) map[Math.floor(r() * size)] = next++;
      return map[z()];
    });
  },
  /** News: each 2,000 requests a story is born that takes a share that halves every 4,000 requests. */
  news(n) {
    const r = rng(15),
      z = zipf(r, 30000, 0.8),
      stories = [];
    let next = 1e6;
    return draw(n, (i) => {
      if (i % 2000 === 0) {
        stories.push([i, next]);
        next += 200;
        if (stories.length > 20) stories.shift();
      }
      if (r() < 0.4) {
        for (let k = stories.length - 1; k >= 0; k--)
          if (r() < 0.35 || k === 0) return stories[k][1] + Math.floor(200 * r() ** 3);
      }
      return z();
    });
  },
  /** Day and night have different questions, a period is 100,000 requests. */
  diurnal(n) {
    const r = rng(16),
      day = zipf(r, 20000, 0.9),
      night = zipf(r, 20000, 0.9);
    return draw(n, (i) =>
      r() < 0.5 + 0.5 * Math.sin((2 * Math.PI * i) / 100000) ? day() : 1e6 + night(),
    );
  },
  /** 30 tenants: traffic by Zipf 1, catalogues of 200 to 20,000 questions, one of them asks nearly only new things. */
  tenants(n) {
    const r = rng(17),
      who = zipf(r, 30, 1.0);
    let next = 1e8;
    const cat = Array.from({ length: 30 }, (_, t) =>
      zipf(r, Math.round(200 * Math.pow(100, ((t * 7) % 30) / 29)), 0.6 + 0.6 * r()),
    );
    return draw(n, () => {
      const t = who();
      if (t === 1 && r() < 0.9) return next++;
      return t * 1e6 + cat[t]();
    });
  },
};
function plain(n, s) {
  const r = rng(10),
    z = zipf(r, 50000, s);
  return draw(n, () => z());
}
function draw(n, f) {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = f(i);
  return out;
}
