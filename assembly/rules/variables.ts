import { Bytes } from "../proxy-wasm/bytes";

/** The value of a variable that a configuration references as `${NAME}`; null when it is not set. */
export type Variables = (name: string) => Bytes | null;

/** Without variables. */
export function noVariables(_name: string): Bytes | null {
  return null;
}
