/** A Redis of few commands, for the emulator: RESP in, RESP out. */
export class FakeRedis {
  constructor({ password } = {}) {
    this.password = password;
    this.databases = new Map();
    this.commands = [];
  }

  /** The replies to the commands in `bytes`, on a connection of their own. */
  answer(bytes) {
    const connection = { user: null, database: 0 };
    return Buffer.concat(parse(bytes).map((parts) => this.run(parts, connection)));
  }

  /** Values of a database: keys in latin1 to buffers. */
  data(database = 0) {
    if (!this.databases.has(database)) this.databases.set(database, new Map());
    return this.databases.get(database);
  }

  /** The script that looks through the keys, half of them in each of two rounds. */
  purge(data, [count, cursor, pattern, flag]) {
    if (String(count) !== "0") throw new Error(`keys ${count}`);
    const glob = pattern
      .toString("latin1")
      .replace(/\\(.)|([*])|([.+^${}()|?])/g, (_, escaped, any, special) =>
        any ? ".*" : `\\${escaped ?? special}`,
      );
    const names = [...data.keys()].toSorted();
    const half = Math.ceil(names.length / 2);
    const round = String(cursor) === "0" ? names.slice(0, half) : names.slice(half);
    const found = round.filter((name) => new RegExp(`^${glob}$`, "s").test(name));
    if (String(flag) === "1") for (const name of found) data.delete(name);
    return bulk(
      Buffer.from(`${String(cursor) === "0" && half < names.length ? 17 : 0} ${found.length}`),
    );
  }

  run(parts, connection) {
    const name = parts[0].toString().toUpperCase();
    const [key, ...rest] = parts.slice(1);
    this.commands.push(parts.map(String));
    if (name === "AUTH") {
      connection.user = parts.at(-1).toString();
      return connection.user === this.password ? OK : error("WRONGPASS invalid password");
    }
    if (name === "QUIT") return OK;
    if (this.password && connection.user !== this.password)
      return error("NOAUTH Authentication required.");
    if (name === "SELECT") return ((connection.database = Number(key)), OK);
    const data = this.data(connection.database);
    const value = key && data.get(key.toString("latin1"));
    switch (name) {
      case "GET":
        return value ? bulk(value) : Buffer.from("$-1\r\n");
      case "STRLEN":
        return Buffer.from(`:${value?.length ?? 0}\r\n`);
      case "GETRANGE":
        return bulk((value ?? Buffer.alloc(0)).subarray(Number(rest[0]), Number(rest[1]) + 1));
      case "SET":
        data.set(key.toString("latin1"), Buffer.from(rest[0]));
        return OK;
      case "EVAL":
        if (/MGET/.test(key)) return readMany(data, rest);
        if (/SET/.test(key) && !/HSET/.test(key)) return writeMany(data, rest);
        return this.purge(data, rest);
      case "DEL":
        return Buffer.from(`:${data.delete(key.toString("latin1")) ? 1 : 0}\r\n`);
      default:
        return error(`ERR unknown command '${name}'`);
    }
  }
}

/** The script that reads several keys as one text. */
function readMany(data, [count, ...rest]) {
  const names = rest.slice(0, Number(count)).map((name) => name.toString("latin1"));
  const [most, from, to] = rest.slice(Number(count)).map(String);
  let bytes = 0;
  const parts = names.map((name) => {
    const value = data.get(name);
    if (!value || bytes + value.length > Number(most)) return Buffer.from("-:");
    bytes += value.length;
    return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  });
  const text = Buffer.concat(parts);
  if (from === "") return Buffer.from(`:${text.length}\r\n`);
  return bulk(text.subarray(Number(from), Number(to) + 1));
}

/** The script that writes several keys. */
function writeMany(data, [count, ...rest]) {
  const keys = Number(count);
  if (rest.length !== 2 * keys + 1) throw new Error("a value for each key, and a life");
  for (let i = 0; i < keys; i++) data.set(rest[i].toString("latin1"), Buffer.from(rest[keys + i]));
  return bulk(Buffer.from("OK"));
}

const OK = Buffer.from("+OK\r\n");
const error = (text) => Buffer.from(`-${text}\r\n`);
const bulk = (value) =>
  Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, Buffer.from("\r\n")]);

/** Arrays of bulk strings; anything else is an error of the client. */
function parse(bytes) {
  const commands = [];
  let at = 0;
  const line = () => {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) throw new Error("a command is cut");
    const text = bytes.toString("latin1", at, end);
    at = end + 2;
    return text;
  };
  while (at < bytes.length) {
    const head = line();
    if (!/^\*\d+$/.test(head)) throw new Error(`no array: ${head}`);
    const parts = [];
    for (let left = Number(head.slice(1)); left > 0; left--) {
      const size = line();
      if (!/^\$\d+$/.test(size)) throw new Error(`no bulk string: ${size}`);
      const end = at + Number(size.slice(1));
      if (bytes.toString("latin1", end, end + 2) !== "\r\n") throw new Error("a wrong length");
      parts.push(bytes.subarray(at, end));
      at = end + 2;
    }
    commands.push(parts);
  }
  return commands;
}
