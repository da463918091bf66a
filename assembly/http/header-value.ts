/** Whether a text can stand in a header: no controls and no DEL (RFC 9110 5.5, without tabs). */
export function isHeaderSafe(value: string): bool {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code == 0x7f) return false;
  }
  return true;
}
