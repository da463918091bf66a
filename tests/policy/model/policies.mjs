/** Replacement policies over dense ids, to compare with: `access(id)` says whether it was a hit. */
class Lists {
  // doubly linked lists over ids with a sentinel each
  constructor(u, lists) {
    this.next = new Int32Array(u + lists);
    this.prev = new Int32Array(u + lists);
    this.u = u;
    for (let l = 0; l < lists; l++) this.next[u + l] = this.prev[u + l] = u + l;
  }
  push(l, id) {
    const h = this.u + l,
      n = this.next[h];
    this.next[h] = id;
    this.prev[id] = h;
    this.next[id] = n;
    this.prev[n] = id;
  } // at the head
  unlink(id) {
    const p = this.prev[id],
      n = this.next[id];
    this.next[p] = n;
    this.prev[n] = p;
  }
  last(l) {
    const x = this.prev[this.u + l];
    return x === this.u + l ? -1 : x;
  }
}

/** Today's memory-store.ts: entries are numbered, a hit in the oldest fourth of a nearly full ring writes the entry anew; its old place stays taken until the tail passes. */
export class Ring {
  constructor(t, cap) {
    this.size = t.size;
    this.cap = cap;
    this.at = new Float64Array(t.cost.length).fill(-1);
    this.q = new Map();
    this.head = 0;
    this.tail = 0;
    this.used = 0;
    this.moves = 0;
  }
  access(id) {
    const n = this.at[id];
    if (n >= this.tail) {
      const alive = this.head - this.tail;
      if (this.used * 4 > this.cap * 3 && (n - this.tail) * 4 < alive) {
        this.write(id);
        this.moves++;
      }
      return true;
    }
    this.write(id);
    return false;
  }
  write(id) {
    const s = this.size[id];
    if (s > this.cap / 8 && this.cap > 64) return;
    while (this.tail < this.head && this.used + s > this.cap) {
      const g = this.q.get(this.tail);
      this.used -= this.size[g];
      this.q.delete(this.tail++);
    }
    this.q.set(this.head, id);
    this.at[id] = this.head++;
    this.used += s;
  }
}

export class Lru {
  constructor(t, cap) {
    this.size = t.size;
    this.cap = cap;
    this.l = new Lists(t.cost.length, 1);
    this.in = new Uint8Array(t.cost.length);
    this.used = 0;
  }
  access(id) {
    if (this.in[id]) {
      this.l.unlink(id);
      this.l.push(0, id);
      return true;
    }
    if (this.size[id] > this.cap / 8 && this.cap > 64) return false;
    while (this.used + this.size[id] > this.cap) {
      const v = this.l.last(0);
      this.l.unlink(v);
      this.in[v] = 0;
      this.used -= this.size[v];
    }
    this.l.push(0, id);
    this.in[id] = 1;
    this.used += this.size[id];
    return false;
  }
}

export class S3Fifo {
  constructor(t, cap, small = 0.1, ghost = 0.9) {
    this.size = t.size;
    this.cap = cap;
    this.sCap = Math.max(1, small * cap);
    const u = t.cost.length;
    this.l = new Lists(u, 2);
    this.in = new Uint8Array(u);
    this.f = new Uint8Array(u);
    this.used = [0, 0];
    this.ghost = new Float64Array(u).fill(-1e18);
    this.gone = 0;
    this.gCap = ghost * cap;
    this.moves = 0;
  }
  access(id) {
    if (this.in[id]) {
      if (this.f[id] < 3) this.f[id]++;
      return true;
    }
    const s = this.size[id];
    if (s > this.cap / 8 && this.cap > 64) return false;
    const known = this.gone - this.ghost[id] < this.gCap;
    while (this.used[0] + this.used[1] + s > this.cap) {
      if (this.used[0] > this.sCap || this.used[1] === 0) this.fromSmall();
      else this.fromMain();
    }
    const q = known ? 1 : 0;
    this.l.push(q, id);
    this.in[id] = q + 1;
    this.f[id] = 0;
    this.used[q] += s;
    this.ghost[id] = -1e18;
    return false;
  }
  fromSmall() {
    const v = this.l.last(0);
    if (v < 0) return;
    this.l.unlink(v);
    this.used[0] -= this.size[v];
    if (this.f[v] > 1 || this.f[v] >= 1) {
      this.in[v] = 2;
      this.l.push(1, v);
      this.used[1] += this.size[v];
      this.f[v] = 0;
      this.moves++;
      while (this.used[1] > this.cap - this.sCap) this.fromMain();
    } else {
      this.in[v] = 0;
      this.ghost[v] = this.gone;
      this.gone += this.size[v];
    }
  }
  fromMain() {
    for (;;) {
      const v = this.l.last(1);
      if (v < 0) return;
      this.l.unlink(v);
      if (this.f[v]) {
        this.f[v]--;
        this.l.push(1, v);
        this.moves++;
      } else {
        this.in[v] = 0;
        this.used[1] -= this.size[v];
        return;
      }
    }
  }
}

const mix = (x, s) => {
  x = Math.imul(x ^ s, 0x9e3779b1);
  x ^= x >>> 15;
  x = Math.imul(x, 0x85ebca77);
  x ^= x >>> 13;
  return x >>> 0;
};

/**
 * Count-min sketch in pages of 128 four-bit counters (64 bytes + epoch), four counters of one page for a key.
 * A page halves itself when it is touched in a later epoch: no sweep. An epoch is `period` recordings.
 */
export class Sketch {
  constructor(entries, perEntry = 12, period = 10) {
    this.pages = Math.max(1, Math.ceil((entries * perEntry) / 128));
    this.c = new Uint8Array(this.pages * 128);
    this.e = new Uint32Array(this.pages);
    this.epoch = 0;
    this.seen = 0;
    this.period = Math.max(64, period * entries);
  }
  age(page) {
    const d = this.epoch - this.e[page];
    if (d) {
      this.e[page] = this.epoch;
      const a = page * 128;
      for (let i = a; i < a + 128; i++) this.c[i] = d > 3 ? 0 : this.c[i] >> d;
    }
  }
  record(id) {
    const h = mix(id, 1),
      page = h % this.pages,
      a = page * 128;
    this.age(page);
    const g = mix(id, 2);
    const m = this.min(a, g);
    let grew = false;
    if (m < 15)
      for (let k = 0; k < 4; k++) {
        const j = a + k * 32 + ((g >>> (k * 8)) & 31);
        if (this.c[j] === m) {
          this.c[j]++;
          grew = true;
        }
      } // conservative update
    if (++this.seen >= this.period) {
      this.seen = 0;
      this.epoch++;
    }
  }
  min(a, g) {
    let m = 15;
    for (let k = 0; k < 4; k++) {
      const c = this.c[a + k * 32 + ((g >>> (k * 8)) & 31)];
      if (c < m) m = c;
    }
    return m;
  }
  get(id) {
    const page = mix(id, 1) % this.pages;
    this.age(page);
    return this.min(page * 128, mix(id, 2));
  }
}
