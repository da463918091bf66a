import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getProperty, propertyPath } from "../../proxy-wasm/property";

/** The first URI and the first DNS name among the alternative names, and the subject. */
const URI_NAME = propertyPath(["connection", "uri_san_peer_certificate"]);
const DNS_NAME = propertyPath(["connection", "dns_san_peer_certificate"]);
const SUBJECT = propertyPath(["connection", "subject_peer_certificate"]);

/**
 * Appends the identity in the client's certificate, which survives renewal. The subject counts besides the
 * alternative names, because the host exposes only the first of those. True when there is a name. The
 * listener decides whether certificates are verified.
 */
export function writeCertificate(out: ByteWriter): bool {
  const uri = text(URI_NAME);
  const dns = text(DNS_NAME);
  const subject = text(SUBJECT);
  out.framed(uri).framed(dns).framed(subject);
  return uri.length + dns.length + subject.length > 0;
}

function text(path: Bytes): Bytes {
  const value = getProperty(path);
  return value === null ? Bytes.empty() : value;
}
