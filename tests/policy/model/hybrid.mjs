// One store, several strategies: entries stay in their slots; queues are orders of numbers.
//   window: share of the capacity that new entries pass through, in order of arrival
//   promote: an entry that was hit in the window goes to the main part without a contest
//   ghost: a key that the sketch knows (≥ ghost sightings) enters the main part at once (0 = never)
//   contest: whoever leaves the window un-hit stands against the main part's victim by sketch counts
//   victim: "clock" (oldest without a recent hit; up to three lives), "lru" / "lfu" (worst of a random sample)
//   beta: exponent of cost/size in what an entry is worth
import { rng } from "./rng.mjs";
import { Sketch } from "./policies.mjs";

export class Hybrid {
  constructor(t, cap, o = {}) {
    const u = t.cost.length;
    this.t = t;
    this.size = t.size;
    this.cap = cap;
    this.o = o;
    this.r = rng(o.seed ?? 7);
    let mean = t.meanSize;
    if (!mean) {
      mean = 0;
      for (let i = 0; i < u; i++) mean += t.size[i];
      mean /= u;
    }
    this.entries = Math.max(8, Math.round(cap / mean));
    this.set(o);
    this.next = new Int32Array(u + 2);
    this.prev = new Int32Array(u + 2);
    this.u = u;
    for (let l = 0; l < 2; l++) this.next[u + l] = this.prev[u + l] = u + l;
    this.in = new Uint8Array(u);
    this.hits = new Uint8Array(u);
    this.stamp = new Float64Array(u);
    this.used = [0, 0];
    this.main = new Int32Array(u);
    this.pos = new Int32Array(u).fill(-1);
    this.count = 0;
    this.now = 0;
    this.sk = o.sketch ?? new Sketch(this.entries, o.perEntry ?? 16, o.period ?? 10);
    this.grown = o.grown ?? false;
    this.f0 = this.grown ? new Uint8Array(u) : null;
    this.evictions = 0;
    this.looks = 0;
    this.rejected = 0;
  }
  set(o) {
    this.window = o.window ?? 0.1;
    this.promote = o.promote ?? true;
    this.ghost = o.ghost ?? 2;
    this.contest = o.contest ?? false;
    this.kind = o.victim ?? "clock";
    this.k = o.sample ?? 8;
    this.lives = o.lives ?? 3;
    this.beta = o.beta ?? 0;
    this.fade = o.fade ?? 0;
  }
  w(id) {
    return this.beta === 0
      ? 1
      : Math.pow(this.t.cost[id] / this.size[id] / (this.t.meanDens ?? 1), this.beta);
  }
  push(l, id) {
    const h = this.u + l,
      n = this.next[h];
    this.next[h] = id;
    this.prev[id] = h;
    this.next[id] = n;
    this.prev[n] = id;
    this.used[l] += this.size[id];
    this.in[id] = l + 1;
    if (l) {
      this.pos[id] = this.count;
      this.main[this.count++] = id;
    }
  }
  unlink(id) {
    const l = this.in[id] - 1,
      p = this.prev[id],
      n = this.next[id];
    this.next[p] = n;
    this.prev[n] = p;
    this.used[l] -= this.size[id];
    this.in[id] = 0;
    if (l) {
      const q = this.pos[id],
        x = this.main[--this.count];
      this.main[q] = x;
      this.pos[x] = q;
    }
  }
  last(l) {
    const x = this.prev[this.u + l];
    return x >= this.u ? -1 : x;
  }
  access(id) {
    const sk = this.sk;
    sk.record(id);
    this.now++;
    if (this.in[id]) {
      if (this.hits[id] < this.lives) this.hits[id]++;
      this.stamp[id] = this.now;
      return true;
    }
    const s = this.size[id];
    if (s > this.cap / 8 && this.cap > 64) return false;
    const wCap = this.window * this.cap,
      mCap = this.cap - wCap;
    // While there is room, what leaves the window goes on to the main part.
    while (this.used[0] + s > wCap && this.used[0] > 0) {
      const c = this.last(0);
      if (this.used[1] + this.size[c] > mCap) break;
      this.unlink(c);
      this.hits[c] = 0;
      this.push(1, c);
    }
    while (this.used[0] + this.used[1] + s > this.cap) this.evict(s);
    this.stamp[id] = this.now;
    this.hits[id] = 0;
    if (this.grown) this.f0[id] = sk.get(id);
    this.push(
      this.ghost > 0 && sk.get(id) >= this.ghost && (!this.contest || this.wins(id)) ? 1 : 0,
      id,
    );
    return false;
  }
  wins(id) {
    const v = this.victim(false);
    return v < 0 || this.worth(id) > this.worth(v);
  }
  worth(id) {
    this.looks++;
    return this.sk.get(id) * this.w(id);
  }
  evict(s) {
    this.evictions++;
    const wCap = this.window * this.cap;
    if (this.used[0] > 0 && (this.used[0] + s > wCap || this.count === 0)) {
      const c = this.last(0);
      this.unlink(c);
      if (this.promote && (this.grown ? this.sk.get(c) > this.f0[c] : this.hits[c])) {
        this.hits[c] = 0;
        this.push(1, c);
        return;
      }
      if (this.contest && this.count) {
        const v = this.victim(true);
        if (
          this.worth(c) >
          (this.kind === "lfu" && this.fade
            ? this.worth(v) * Math.pow(2, -(this.now - this.stamp[v]) / this.entries / this.fade)
            : this.worth(v))
        ) {
          this.unlink(v);
          this.hits[c] = 0;
          this.push(1, c);
          return;
        }
      }
      this.rejected++;
      return;
    }
    this.unlink(this.victim(true));
  }
  victim(move) {
    if (this.count === 0) return -1;
    if (this.kind === "clock") {
      for (let i = 0; ; i++) {
        const v = this.last(1);
        if (!this.hits[v] || !move || i > 64) return v;
        this.hits[v]--;
        this.unlink(v);
        this.push(1, v);
      }
    }
    let best = -1,
      least = Infinity;
    for (let i = 0; i < this.k; i++) {
      const v = this.main[Math.floor(this.r() * this.count)];
      const age = (this.now - this.stamp[v]) / this.entries;
      const s =
        this.kind === "lru"
          ? -age
          : (this.sk.get(v) + 0.99 * Math.pow(2, -age / 4)) *
            (this.fade ? Math.pow(2, -age / this.fade) : 1) *
            this.w(v);
      if (s < least) {
        least = s;
        best = v;
      }
    }
    return best;
  }
}
