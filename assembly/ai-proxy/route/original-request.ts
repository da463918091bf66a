import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderList, HeaderSnapshot, requestHeaders } from "../../proxy-wasm/header-map";
import { getProperty, propertyPath, setProperty } from "../../proxy-wasm/property";
import { AUTHORITY, PATH as TARGET } from "../../http/names";
import { ROUTER, TRACING } from "../provider/base/header-lists";
import { Char } from "../../proxy-wasm/char";

const NAME = Bytes.of("ai_proxy_original");
const PATH = propertyPath(["ai_proxy_original"]);
const NONE: Bytes[] = [];

/**
 * As an upstream filter the module runs once for each attempt, and all attempts share one header map: the
 * second one sees the headers as rewritten by the first. Filter state keeps the client's headers.
 */
export function restoreOriginal(headers: HeaderSnapshot): HeaderSnapshot {
  const kept = getProperty(PATH);
  const list = new HeaderList();
  if (kept === null || kept.length == 0) {
    headers.copyTo(list, NONE);
    setProperty(NAME, list.serialize());
    return headers;
  }
  headers.copyTo(list, NONE);
  const original = new HeaderSnapshot(kept);
  for (let i = 0; i < list.length; i++) {
    const name = list.name(i);
    if (!isEnvoys(name) && !original.has(name)) requestHeaders.remove(name);
  }
  const former = new HeaderList();
  original.copyTo(former, NONE);
  for (let i = 0; i < former.length; i++) {
    if (!isEnvoys(former.name(i))) restore(former, i, headers);
  }
  return requestHeaders.snapshot();
}

/** Whether Envoy itself may have set a header for this attempt. */
function isEnvoys(name: Bytes): bool {
  if (name.at(0) == Char.Colon) return !name.equals(TARGET) && !name.equals(AUTHORITY);
  return ROUTER.has(name) || TRACING.has(name);
}

/** Restores all values of the header at `index`, unless they are unchanged. */
function restore(former: HeaderList, index: i32, now: HeaderSnapshot): void {
  const name = former.name(index);
  for (let i = 0; i < index; i++) {
    if (former.name(i).equals(name)) return;
  }
  const present = now.all(name);
  let count = 0;
  let same = true;
  for (let i = index; i < former.length; i++) {
    if (!former.name(i).equals(name)) continue;
    if (count >= present.length || !present[count].equals(former.value(i))) same = false;
    count++;
  }
  if (same && count == present.length) return;
  requestHeaders.set(name, former.value(index));
  for (let i = index + 1; i < former.length; i++) {
    if (former.name(i).equals(name)) requestHeaders.add(name, former.value(i));
  }
}
