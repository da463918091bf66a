/** How long do answers stay right? Learned lives against fixed ones, over populations of questions. Times in hours. */
import { rng, zipf, exponential } from "./rng.mjs";
const H = 1,
  DAY = 24,
  MIN = 1 / 60;
/** Rates (per hour) and noise levels of the table. */
export const RATES = [
  0,
  1 / (365 * DAY),
  1 / (90 * DAY),
  1 / (30 * DAY),
  1 / (10 * DAY),
  1 / (3 * DAY),
  1 / DAY,
  1 / 8,
  1 / 2.5,
  1,
  3,
  10,
];
export const NOISE = [0.02, 0.15, 0.45, 0.85];
const K = RATES.length,
  Q = NOISE.length,
  MISSED = 0.08;
/** Start of the shared table, as if so many entries had been seen. */
const START = [6, 3, 3, 3, 2, 1.5, 1.5, 0.7, 0.5, 0.5, 0.2, 0.1],
  START_TIMELY = [0.5, 0.3, 0.4, 0.5, 1, 1.5, 4, 3, 2.5, 4, 1.5, 0.8],
  START_Q = [0.5, 0.25, 0.15, 0.1],
  WEIGHT = 10;
export const table = (timely) => {
  const s = timely ? START_TIMELY : START,
    sum = s.reduce((a, b) => a + b);
  const n = new Float64Array(K * Q);
  for (let k = 0; k < K; k++)
    for (let q = 0; q < Q; q++) n[k * Q + q] = (WEIGHT * s[k] * START_Q[q]) / sum;
  return n;
};
/** Expected share of stale answers among serves spread evenly over a life T, for a rate. */
const stale = (rate, T) => {
  const x = rate * T;
  return x < 1e-4 ? x / 2 : 1 - (1 - Math.exp(-x)) / x;
};
/** The longest life with an expected stale share of at most `max`. w: weights of the rates. */
export function life(w, max, least, most) {
  const S = (T) => {
    let s = 0;
    for (let k = 0; k < K; k++) s += w[k] * stale(RATES[k], T);
    return s;
  };
  if (S(most) <= max) return most;
  if (S(least) >= max) return least;
  let lo = Math.log(least),
    hi = Math.log(most);
  for (let i = 0; i < 14; i++) {
    const m = (lo + hi) / 2;
    if (S(Math.exp(m)) <= max) lo = m;
    else hi = m;
  }
  return Math.exp(lo);
}
/** A question that is asked seldom may have more stale answers, one that is asked often has fewer. */
const RARE = 1.4,
  BALANCE = 0.15,
  WAITS = 0.3,
  WAITED = 3;
/** The life that gives most hits, each stale one taken for BALANCE / max missed ones. `rate`: requests an hour, 0 if unknown. */
export function lifeAt(w, max, rate, least, most) {
  if (rate === 0) return life(w, max, least, most);
  const longest = life(w, max * RARE, least, most);
  let s = 0;
  for (let k = 0; k < K; k++) s += w[k] * stale(RATES[k], longest);
  const slope = (s / longest) * (BALANCE / max);
  return Math.max(least, Math.min(longest, (Math.sqrt(1 + rate / slope) - 1) / rate));
}
/** Posterior over the cells from shared counts and the entry's log-likelihoods. */
function posterior(n, ll, out) {
  let top = -Infinity;
  for (let i = 0; i < K * Q; i++) {
    const v = Math.log(n[i] + 1e-9) + (ll ? ll[i] : 0);
    out[i] = v;
    if (v > top) top = v;
  }
  let sum = 0;
  for (let i = 0; i < K * Q; i++) sum += out[i] = Math.exp(out[i] - top);
  for (let i = 0; i < K * Q; i++) out[i] /= sum;
  return out;
}

/** The proposed learner. `o.entries`: also for each entry; `o.noise`: false takes every difference for a change. */
export class Learner {
  constructor(o) {
    this.o = {
      maxStale: 0.02,
      least: MIN,
      most: 7 * DAY,
      entries: true,
      noise: true,
      forget: 0.97,
      quant: true,
      ...o,
    };
    this.shared = [table(false), table(true)];
    this.ll = new Map();
    this.waits = new Map();
    this.given = new Map();
    this.a = new Float64Array(K * Q);
    this.b = new Float64Array(K * Q);
    this.w = new Float64Array(K);
    this.obs = 0;
  }
  lifeOf(id, cls) {
    const p = posterior(this.shared[cls], this.o.entries ? this.ll.get(id) : null, this.a);
    this.w.fill(0);
    for (let i = 0; i < K * Q; i++) this.w[(i / Q) | 0] += p[i];
    const [n, sum] = this.waits.get(id) ?? [0, 0];
    const rate = n === 0 ? 0 : (n + WAITS) / (sum + WAITED);
    const T = lifeAt(this.w, this.o.maxStale, rate, this.o.least, this.o.most);
    this.given.set(id, T);
    return T;
  }
  observe(id, cls, age, differs) {
    this.obs++;
    const waited = age - (this.given.get(id) ?? Infinity);
    if (waited >= 0) {
      const [n, sum] = this.waits.get(id) ?? [0, 0];
      this.waits.set(id, [n * 0.9 + 1, sum * 0.9 + Math.max(waited, MIN)]);
    }
    const n = this.shared[cls];
    let ll = this.ll.get(id);
    const isNew = !ll;
    if (isNew) this.ll.set(id, (ll = new Float64Array(K * Q)));
    const before = isNew ? null : Float64Array.from(posterior(n, ll, this.b));
    for (let k = 0; k < K; k++)
      for (let q = 0; q < Q; q++) {
        const c = 1 - Math.exp(-RATES[k] * age),
          z = this.o.noise ? NOISE[q] : 0.02;
        let p = (1 - c) * z + c * (1 - MISSED * (1 - z));
        if (!differs) p = 1 - p;
        const i = k * Q + q;
        ll[i] = ll[i] * this.o.forget + Math.log(p);
      }
    let top = -Infinity;
    for (const v of ll) top = Math.max(top, v);
    for (let i = 0; i < ll.length; i++) {
      ll[i] = Math.max(-16, ll[i] - top);
      if (this.o.quant) ll[i] = Math.round(ll[i] * 8) / 8;
    }
    const after = posterior(n, ll, this.a);
    for (let i = 0; i < K * Q; i++)
      n[i] = Math.max(0.02, n[i] + after[i] - (before ? before[i] : 0));
    let sum = 0;
    for (const v of n) sum += v;
    if (sum > 4000) for (let i = 0; i < n.length; i++) n[i] *= 0.75;
  }
}
export class Fixed {
  constructor(T) {
    this.T = T;
    this.obs = 0;
  }
  lifeOf() {
    return this.T;
  }
  observe() {}
}
export class Oracle {
  constructor(pop, max, most = 7 * DAY) {
    this.pop = pop;
    this.max = max;
    this.most = most;
    this.obs = 0;
  }
  lifeOf(id, c, t) {
    const x = this.pop[id].rateAt(t);
    let lo = Math.log(MIN),
      hi = Math.log(this.most);
    if (stale(x, this.most) <= this.max) return this.most;
    for (let i = 0; i < 20; i++) {
      const m = (lo + hi) / 2;
      if (stale(x, Math.exp(m)) <= this.max) lo = m;
      else hi = m;
    }
    return Math.exp(lo);
  }
  observe() {}
}

const KINDS = {
  stable: 1 / (730 * DAY),
  monthly: 1 / (30 * DAY),
  weekly: 1 / (7 * DAY),
  daily: 1 / DAY,
  hourly: 1,
};
export const POPULATIONS = {
  stable: {
    kinds: { stable: 1 },
    noise: [
      [0.02, 0.6],
      [0.25, 0.3],
      [0.85, 0.1],
    ],
  },
  daily: {
    kinds: { daily: 1 },
    noise: [
      [0.02, 0.6],
      [0.25, 0.3],
      [0.85, 0.1],
    ],
  },
  mixed: {
    kinds: { stable: 0.55, monthly: 0.2, weekly: 0.12, daily: 0.08, hourly: 0.05 },
    noise: [
      [0.02, 0.6],
      [0.25, 0.3],
      [0.85, 0.1],
    ],
  },
  random: {
    kinds: { stable: 0.55, monthly: 0.2, weekly: 0.12, daily: 0.08, hourly: 0.05 },
    noise: [
      [0.02, 0.2],
      [0.4, 0.4],
      [0.9, 0.4],
    ],
  },
  turn: {
    kinds: { stable: 0.8, weekly: 0.2 },
    noise: [
      [0.02, 0.6],
      [0.25, 0.3],
      [0.85, 0.1],
    ],
    turn: true,
  },
};
export function population(name, n, seed) {
  const r = rng(seed),
    spec = POPULATIONS[name],
    pick = (list) => {
      let x = r();
      for (const [v, p] of list) if ((x -= p) < 0) return v;
      return list[list.length - 1][0];
    };
  return Array.from({ length: n }, () => {
    const kind = pick(Object.entries(spec.kinds)),
      rate = KINDS[kind] * Math.exp(0.5 * (r() + r() + r() - 1.5)),
      turns = spec.turn && r() < 0.3;
    return {
      kind,
      noise: pick(spec.noise),
      timely: r() < (kind === "daily" || kind === "hourly" ? 0.7 : 0.03) ? 1 : 0,
      rateAt: (t) => (turns && t > 20 * DAY ? 1 / 12 : rate),
      changed: [],
      next: 0,
      turns,
    };
  });
}
/** o: perDay requests, days, refresh (share of hits that are also asked again in the background), noCache. */
export function simulate(name, make, o = {}) {
  const {
    perDay = 20000,
    days = 40,
    n = 4000,
    refresh = 0.01,
    noCache = 0.005,
    seed = 1,
    from = 10,
    alpha = 0.9,
    swr = 0,
  } = o;
  const pop = population(name, n, seed),
    learner = make(pop),
    r = rng(seed + 99),
    z = zipf(r, n, alpha),
    perm = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(r() * (i + 1));
    [perm[i], perm[j]] = [perm[j], perm[i]];
  }
  const at = new Float64Array(n).fill(-1),
    till = new Float64Array(n),
    version = new Int32Array(n),
    seen = new Int32Array(n),
    last = new Float64Array(n);
  const now = (id, t) => {
    const p = pop[id];
    while (last[id] < t) {
      const step = Math.min(t, last[id] + 0.25) - last[id];
      if (step <= 0) break;
      const gap = t - last[id];
      const d = p.turns ? step : gap;
      const m = p.rateAt(last[id]) * d;
      if (m > 0) {
        let k = 0,
          s = exponential(r, 1);
        while (s < m) {
          k++;
          s += exponential(r, 1);
        }
        version[id] += k;
      }
      last[id] += d;
    }
    return version[id];
  };
  const res = {
    req: 0,
    hits: 0,
    stale: 0,
    asked: 0,
    extra: 0,
    byKind: {},
    firstDay: { hits: 0, stale: 0, req: 0 },
  };
  let t = 0;
  const total = perDay * days,
    fetched = (id) => {
      const p = pop[id];
      const v = now(id, t);
      if (at[id] >= 0) {
        const changed = v !== seen[id];
        const differs = changed ? r() >= MISSED * (1 - p.noise) : r() < p.noise;
        learner.observe(id, p.timely, t - at[id], differs);
      }
      at[id] = t;
      seen[id] = v;
      till[id] = t + learner.lifeOf(id, p.timely, t);
    };
  for (let i = 0; i < total; i++) {
    t += exponential(r, perDay / DAY);
    const id = perm[z()],
      p = pop[id],
      count = t > from * DAY;
    const k = (res.byKind[p.kind] ??= { req: 0, hits: 0, stale: 0 });
    if (count) {
      res.req++;
      k.req++;
    }
    if (t < DAY) res.firstDay.req++;
    if (at[id] >= 0 && t < till[id] + swr && r() >= noCache) {
      const isStale = now(id, t) !== seen[id];
      if (count) {
        res.hits++;
        k.hits++;
        if (isStale) {
          res.stale++;
          k.stale++;
        }
      }
      if (t < DAY) {
        res.firstDay.hits++;
        if (isStale) res.firstDay.stale++;
      }
      if (r() < refresh || t >= till[id]) {
        fetched(id);
        if (count) res.extra++;
      }
    } else {
      fetched(id);
      if (count) res.asked++;
    }
  }
  return {
    ...res,
    hit: res.hits / res.req,
    staleShare: res.stale / res.hits,
    extraShare: res.extra / res.req,
    obs: learner.obs,
    learner,
    pop,
  };
}
