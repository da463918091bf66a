/** How long headers wait for the first piece of a body, in ms, unless configured otherwise. */
export const DEFAULT_HOLD_MS: i64 = 15_000;
/** The longest of these times that can be configured, in ms. */
export const MAX_HOLD_MS: i64 = 300_000;
