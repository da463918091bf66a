/**
 * A certificate authority for tests: X.509 certificates (RFC 5280) with P-256 keys, encoded here because Node
 * cannot create certificates.
 */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const ECDSA_WITH_SHA256 = [1, 2, 840, 10045, 4, 3, 2];
const COMMON_NAME = [2, 5, 4, 3];
const ALTERNATIVE_NAMES = [2, 5, 29, 17];
const BASIC_CONSTRAINTS = [2, 5, 29, 19];

function der(tag, ...parts) {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length];
  return Buffer.concat([Buffer.of(tag, ...size.map((byte) => byte & 255)), content]);
}

const sequence = (...parts) => der(0x30, ...parts);
const integer = (bytes) => der(0x02, bytes);
const text = (value) => der(0x0c, value);
const bits = (bytes) => der(0x03, [0], bytes);

function objectId(arcs) {
  const bytes = [40 * arcs[0] + arcs[1]];
  for (const arc of arcs.slice(2)) {
    const groups = [arc & 127];
    for (let rest = arc >> 7; rest > 0; rest >>= 7) groups.unshift((rest & 127) | 128);
    bytes.push(...groups);
  }
  return der(0x06, bytes);
}

const nameOf = (common) => sequence(der(0x31, sequence(objectId(COMMON_NAME), text(common))));
const time = (ms) =>
  der(
    0x17,
    `${new Date(ms)
      .toISOString()
      .replace(/[-:T]|\.\d+/g, "")
      .slice(2)}`,
  );
const extension = (id, value) => sequence(objectId(id), der(0x04, value));
const pem = (label, bytes) =>
  `-----BEGIN ${label}-----\n${bytes
    .toString("base64")
    .match(/.{1,64}/g)
    .join("\n")}\n-----END ${label}-----\n`;

/** Signs certificates that are valid for an hour. */
export class Authority {
  constructor(name) {
    this.name = name;
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.certificate = this.sign(name, this.keys.publicKey, [
      extension(BASIC_CONSTRAINTS, sequence(der(0x01, [255]))),
    ]);
  }

  /**
   * A certificate and its key, as PEM. `uris`, `names`: its subject alternative names.
   */
  issue(common, { uris = [], names = [] } = {}) {
    const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const all = [...uris.map((uri) => der(0x86, uri)), ...names.map((name) => der(0x82, name))];
    const extensions = all.length > 0 ? [extension(ALTERNATIVE_NAMES, sequence(...all))] : [];
    return {
      cert: this.sign(common, keys.publicKey, extensions),
      key: keys.privateKey.export({ type: "pkcs8", format: "pem" }),
    };
  }

  sign(common, publicKey, extensions) {
    const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
    const now = Date.now();
    const content = sequence(
      der(0xa0, integer([2])),
      integer([1, ...randomBytes(8)]),
      algorithm,
      nameOf(this.name),
      sequence(time(now - 60_000), time(now + 3_600_000)),
      nameOf(common),
      publicKey.export({ type: "spki", format: "der" }),
      ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
    );
    const signature = sign("sha256", content, this.keys.privateKey);
    return pem("CERTIFICATE", sequence(content, algorithm, bits(signature)));
  }
}
