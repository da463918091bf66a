/**
 * Header maps as in Envoy: lower-case names, insertion order, repeated fields.
 */
export class Headers {
  /** @param {Record<string, string> | [string, string][]} fields */
  constructor(fields = []) {
    /** @type {[string, string][]} */
    this.fields = [];
    for (const [name, value] of Array.isArray(fields) ? fields : Object.entries(fields)) {
      this.add(name, value);
    }
  }

  get(name) {
    const field = this.fields.find(([n]) => n === name.toLowerCase());
    return field ? field[1] : undefined;
  }

  /** All values of a name. */
  all(name) {
    return this.fields.filter(([n]) => n === name.toLowerCase()).map(([, value]) => value);
  }

  add(name, value) {
    this.fields.push([name.toLowerCase(), String(value)]);
  }

  /** Replaces the first field of that name and removes the others; adds one if there is none. */
  set(name, value) {
    const key = name.toLowerCase();
    const at = this.fields.findIndex(([n]) => n === key);
    this.fields = this.fields.filter(([n], i) => n !== key || i === at);
    if (at < 0) this.add(key, value);
    else this.fields[this.fields.findIndex(([n]) => n === key)] = [key, String(value)];
  }

  remove(name) {
    this.fields = this.fields.filter(([n]) => n !== name.toLowerCase());
  }

  /** The wire form of `proxy_get_header_map_pairs`. */
  serialize() {
    const parts = this.fields.map(([n, v]) => [Buffer.from(n, "latin1"), Buffer.from(v, "latin1")]);
    const head = Buffer.alloc(4 + parts.length * 8);
    head.writeUInt32LE(parts.length, 0);
    const body = [];
    parts.forEach(([n, v], i) => {
      head.writeUInt32LE(n.length, 4 + i * 8);
      head.writeUInt32LE(v.length, 8 + i * 8);
      body.push(n, Buffer.of(0), v, Buffer.of(0));
    });
    return Buffer.concat([head, ...body]);
  }

  /**
   * Reads the wire form. Like Envoy it requires the exact length, and returns an empty list for anything
   * malformed.
   */
  static parse(bytes) {
    const headers = new Headers();
    if (bytes.length < 4) return headers;
    const count = bytes.readUInt32LE(0);
    if (count > 1024 || bytes.length > 1 << 20) return headers;
    let at = 4 + count * 8;
    const fields = [];
    for (let i = 0; i < count; i++) {
      if (8 + i * 8 + 4 > bytes.length) return headers;
      const nameLength = bytes.readUInt32LE(4 + i * 8);
      const valueLength = bytes.readUInt32LE(8 + i * 8);
      if (at + nameLength + valueLength + 2 > bytes.length) return headers;
      const name = bytes.toString("latin1", at, at + nameLength);
      at += nameLength + 1;
      fields.push([name, bytes.toString("latin1", at, at + valueLength)]);
      at += valueLength + 1;
    }
    if (at !== bytes.length) return headers;
    for (const [name, value] of fields) headers.add(name, value);
    return headers;
  }

  toObject() {
    return Object.fromEntries(this.fields);
  }
}
