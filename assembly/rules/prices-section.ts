import { Bytes } from "../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "./config-key";
import { KeyReader } from "./key-reader";
import { Price, Prices } from "./prices";
import { Char } from "../proxy-wasm/char";

const MAX_MODELS: i32 = 200;
const MAX_CURRENCY: i32 = 8;
/**
 * Digits before and after the decimal point: a price is configured per million tokens, and kept per token.
 */
const WHOLE_DIGITS: i32 = 5;
const DECIMALS: i32 = 6;

const INPUT = <ConfigKey>{
  name: "input",
  form: KeyForm.Any,
  defaultNote: "0",
  meaning: "the price of a million input tokens",
};
const CACHED_INPUT = <ConfigKey>{
  name: "cachedInput",
  form: KeyForm.Any,
  defaultNote: "`input`",
  meaning: "the price of a million input tokens that the vendor had cached",
};
const CACHE_WRITE = <ConfigKey>{
  name: "cacheWrite",
  form: KeyForm.Any,
  defaultNote: "`input`",
  meaning:
    "the price of a million input tokens that the vendor wrote to its cache; used by ai-proxy",
};
const OUTPUT = <ConfigKey>{
  name: "output",
  form: KeyForm.Any,
  defaultNote: "0",
  meaning: "the price of a million output tokens",
};
const CURRENCY = <ConfigKey>{ name: "currency", fallback: "USD", meaning: "up to 8 letters" };

/** The configuration's `prices`. */
export const PRICES = <ConfigKey>{
  name: "prices",
  form: KeyForm.Map,
  keys: [INPUT, CACHED_INPUT, CACHE_WRITE, OUTPUT, CURRENCY],
  keepsAnswers: true,
  meaning:
    "what models cost, [below](#prices): with ai-cache, by the names that clients use, for the money that hits save; with ai-proxy, by those of the vendor, for `ai_proxy_cost_micro_total` and `ai_log`",
};

/** Reads `prices`. */
export function readPrices(keys: KeyReader): Prices {
  const prices = new Prices();
  const section = keys.object(PRICES);
  if (section === null) return prices;
  const names = section.keys();
  if (names.length > MAX_MODELS) {
    section.diagnostics.error(section.path, "must have at most 200 models");
    return prices;
  }
  for (let i = 0; i < names.length; i++) {
    const model = section.object(names[i]);
    if (model === null) continue;
    prices.add(Bytes.of(names[i]), readPrice(new KeyReader(model, PRICES.keys)));
  }
  return prices;
}

function readPrice(keys: KeyReader): Price {
  const price = new Price();
  price.input = readAmount(keys, INPUT, 0);
  price.cached = readAmount(keys, CACHED_INPUT, price.input);
  price.written = readAmount(keys, CACHE_WRITE, price.input);
  price.output = readAmount(keys, OUTPUT, 0);
  price.currency = keys.text(CURRENCY);
  if (!isCurrency(price.currency)) keys.error(CURRENCY, "must be up to 8 letters, such as USD");
  keys.finish();
  return price;
}

/** An amount per million tokens, in trillionths per token. */
function readAmount(keys: KeyReader, key: ConfigKey, usual: u64): u64 {
  if (!keys.has(key)) return usual;
  const raw = keys.reader.raw(key.name);
  const isText = raw.at(0) == Char.Quote;
  const amount = amountOf(isText ? raw.slice(1, raw.length - 1) : raw);
  if (amount >= 0) return <u64>amount;
  const message =
    "must be the price of a million tokens, below 100000 and with at most 6 decimals, such as 2.5";
  keys.error(key, message);
  return usual;
}

/** A decimal in millionths; −1 when it is invalid. */
function amountOf(text: Bytes): i64 {
  let value: i64 = 0;
  let whole = 0;
  let decimals = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = <i32>text.at(i) - Char.Zero;
    if (text.at(i) == Char.Dot && decimals < 0 && whole > 0) decimals = 0;
    else if (digit < 0 || digit > 9) return -1;
    else {
      value = value * 10 + <i64>digit;
      if (decimals < 0) whole++;
      else decimals++;
      if (whole > WHOLE_DIGITS || decimals > DECIMALS) return -1;
    }
  }
  if (whole == 0 || decimals == 0) return -1;
  for (let i = max(0, decimals); i < DECIMALS; i++) value *= 10;
  return value;
}

function isCurrency(text: string): bool {
  if (text.length > MAX_CURRENCY) return false;
  for (let i = 0; i < text.length; i++) {
    const letter = (<u32>text.charCodeAt(i)) | 0x20;
    if (letter < Char.LowerA || letter > Char.LowerZ) return false;
  }
  return true;
}
