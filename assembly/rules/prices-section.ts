import { Bytes } from "../proxy-wasm/bytes";
import { Kind } from "../json/document";
import { ConfigReader } from "./config-reader";
import { Price, Prices } from "./prices";

const MAX_MODELS: i32 = 200;
const MAX_CURRENCY: i32 = 8;
/** Digits in front of the point and behind it: a price is told for a million tokens, and kept for one. */
const WHOLE_DIGITS: i32 = 5;
const DECIMALS: i32 = 6;
const POINT: u8 = 0x2e;

/** Reads `prices`. */
export function readPrices(reader: ConfigReader): Prices {
  const prices = new Prices();
  const section = reader.object("prices");
  if (section === null) return prices;
  const names = section.keys();
  if (names.length > MAX_MODELS) {
    section.diagnostics.error(section.path, "must be of 200 models at most");
    return prices;
  }
  for (let i = 0; i < names.length; i++) {
    const model = section.object(names[i]);
    if (model !== null) prices.add(Bytes.of(names[i]), readPrice(model));
  }
  return prices;
}

function readPrice(section: ConfigReader): Price {
  const price = new Price();
  price.input = readAmount(section, "input", 0);
  price.cached = readAmount(section, "cachedInput", price.input);
  price.written = readAmount(section, "cacheWrite", price.input);
  price.output = readAmount(section, "output", 0);
  price.currency = section.textOrDefault("currency", price.currency);
  if (!isCurrency(price.currency)) {
    section.diagnostics.error(section.pathOf("currency"), "must be up to 8 letters, such as USD");
  }
  section.finish();
  return price;
}

/** An amount for a million tokens, in trillionths for one. */
function readAmount(section: ConfigReader, key: string, usual: u64): u64 {
  const node = section.document.member(section.node, Bytes.of(key));
  section.ignore(key);
  if (section.document.isAbsent(node)) return usual;
  const isText = section.document.kind(node) == Kind.String;
  const text = isText ? section.document.text(node) : section.document.raw(node);
  const amount = amountOf(text);
  if (amount >= 0) return <u64>amount;
  section.diagnostics.error(
    section.pathOf(key),
    "must be what a million tokens cost, below 100000 and with 6 decimals at most, such as 2.5",
  );
  return usual;
}

/** A decimal in millionths; −1 when it is none. */
function amountOf(text: Bytes): i64 {
  let value: i64 = 0;
  let whole = 0;
  let decimals = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = <i32>text.at(i) - 0x30;
    if (text.at(i) == POINT && decimals < 0 && whole > 0) decimals = 0;
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
    const letter = text.charCodeAt(i) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return false;
  }
  return true;
}
