import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { LogLevel } from "./types";

/**
 * What the compiler calls before a trap (`--use abort=`). Envoy prints a backtrace after it; this
 * line says where. It allocates, which is harmless: the VM is lost anyway.
 */
export function abort(
  message: string | null,
  fileName: string | null,
  line: u32,
  column: u32,
): void {
  let text = "ABORT ";
  if (message !== null) text += message + " ";
  if (fileName !== null) text += fileName + ":" + line.toString() + ":" + column.toString();
  const bytes = String.UTF8.encode(text);
  proxy_log(<usize>LogLevel.Critical, changetype<usize>(bytes), <usize>bytes.byteLength);
  unreachable();
}
