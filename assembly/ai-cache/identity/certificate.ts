import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getProperty, propertyPath } from "../../proxy-wasm/property";

/** The first URI and the first DNS name among the alternative names, and the subject. */
const URI_NAME = propertyPath(["connection", "uri_san_peer_certificate"]);
const DNS_NAME = propertyPath(["connection", "dns_san_peer_certificate"]);
const SUBJECT = propertyPath(["connection", "subject_peer_certificate"]);

/**
 * Appends who the client's certificate names, so that a renewed one is the same asker. The subject
 * counts besides the alternative names, since of those the host tells the first ones only. True when
 * there is a name. Whether it was verified the listener decides.
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
