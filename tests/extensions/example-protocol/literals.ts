import { Bytes } from "../../proxy-wasm/bytes";

export const LINES = Bytes.of("lines");
export const LIVE = Bytes.of("live");
export const BIT = Bytes.of("bit");
export const SPEAKER = Bytes.of("speaker");
export const SPOKEN = Bytes.of("spoken");
export const TROUBLE = Bytes.of("trouble");
/** Type of the last event, which names the speaker. */
export const OVER = Bytes.of("over");
