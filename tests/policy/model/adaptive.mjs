// The real store follows whichever of three miniature stores does best on a sample of the keys.
import { Hybrid } from "./hybrid.mjs";
const hash = (x) => {
  x = Math.imul(x ^ 0x5bd1e995, 0x9e3779b1);
  x ^= x >>> 15;
  x = Math.imul(x, 0x2c1b3c6d);
  x ^= x >>> 12;
  return x >>> 0;
};
export const STRATEGIES = [
  { name: "guard", window: 0.02, promote: false, fade: 0 }, // few new entries, by contest alone: repeated sets, scans
  { name: "even", window: 0.1, promote: true, fade: 0 }, // the default
  { name: "fresh", window: 0.4, promote: true, fade: 8 }, // much room for what is new: news, changing topics
];
export class Adaptive {
  constructor(t, cap, o = {}) {
    const base = {
      ghost: 0,
      contest: true,
      victim: o.victim ?? "lfu",
      sample: o.sample ?? 12,
      perEntry: 32,
      period: 20,
      beta: o.beta ?? 0,
    };
    this.t = t;
    this.real = new Hybrid(t, cap, { ...base, ...STRATEGIES[1] });
    this.at = 1;
    this.weigh = o.weigh ?? false;
    const want = o.mini ?? 512,
      e = this.real.entries;
    this.rate = Math.min(1, want / e);
    this.minis = STRATEGIES.map(
      (s) => new Hybrid(t, Math.max(1, cap * this.rate), { ...base, ...s }),
    );
    for (const m of this.minis) {
      m.score = 0;
      m.cap0 = cap;
    }
    this.n = 0;
    this.total = 0;
    this.every = o.every ?? 512;
    this.margin = o.margin ?? 0.005;
    this.switches = 0;
    this.decay = o.decay ?? 0.7;
    this.limit = this.rate * 4294967296;
    this.time = [0, 0, 0];
  }
  access(id) {
    if (hash(id) < this.limit) {
      const v = this.weigh ? this.t.cost[id] : 1;
      this.total += v;
      for (const m of this.minis) if (m.access(id)) m.score += v;
      if (++this.n >= this.every) this.judge();
    }
    this.time[this.at]++;
    return this.real.access(id);
  }
  judge() {
    this.n = 0;
    let best = this.at;
    const cur = this.minis[this.at].score;
    for (let i = 0; i < 3; i++) if (this.minis[i].score > this.minis[best].score) best = i;
    if (best !== this.at && this.minis[best].score > cur * (1 + this.margin)) {
      this.at = best;
      this.switches++;
      const s = STRATEGIES[best];
      this.real.window = s.window;
      this.real.promote = s.promote;
      this.real.fade = s.fade;
    }
    for (const m of this.minis) m.score *= this.decay;
    this.total *= this.decay;
  }
}
