import { Bytes } from "../proxy-wasm/bytes";

/** The value of a variable that a configuration names as `${NAME}`; null when there is none. */
export type Variables = (name: string) => Bytes | null;

/** Where no variable is set. */
export function noVariables(_name: string): Bytes | null {
  return null;
}
