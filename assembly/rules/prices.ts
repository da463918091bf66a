import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Trillionths in a millionth. */
export const MICRO: u64 = 1_000_000;
/** Decimals of a currency. */
const DECIMALS: i32 = 6;

/** Millionths of a currency as a decimal. */
export function formatMoney(micros: u64, currency: string): string {
  const decimals = (micros % MICRO).toString().padStart(DECIMALS, "0");
  return (micros / MICRO).toString() + "." + decimals + " " + currency;
}

/** Prices of a model, in trillionths of the currency per token. */
export class Price {
  input: u64 = 0;
  /** For tokens read from the vendor's cache; `input` by default. */
  cached: u64 = 0;
  output: u64 = 0;
  /** For tokens written to the vendor's cache; `input` by default. */
  written: u64 = 0;
  currency: string = "USD";

  /** The cost of an answer by its token counts; `cached` is part of `input`. */
  of(input: u32, cached: u32, output: u32): u64 {
    const known = min(input, cached);
    return <u64>(input - known) * this.input + <u64>known * this.cached + <u64>output * this.output;
  }
}

/** Prices of models by their names. */
export class Prices {
  private readonly names: Bytes[] = [];
  private readonly prices: Price[] = [];
  /** The lowest price of an input token. */
  private least: u64 = 0;

  /** Adds a price. `name`: of a model, or its beginning and `*`. */
  add(name: Bytes, price: Price): void {
    this.names.push(name);
    this.prices.push(price);
    if (price.input > 0 && (this.least == 0 || price.input < this.least)) this.least = price.input;
  }

  /** The price of a model: that of its name, else of the longest beginning; null when it has none. */
  of(model: Bytes): Price | null {
    let best: Price | null = null;
    let longest = -1;
    for (let i = 0; i < this.names.length; i++) {
      const name = unchecked(this.names[i]);
      const isPrefix = name.length > 0 && name.at(name.length - 1) == Char.Star;
      const length = isPrefix ? name.length - 1 : name.length;
      if (!isPrefix && name.equals(model)) return unchecked(this.prices[i]);
      if (!isPrefix || length <= longest || !model.startsWith(name.slice(0, length))) continue;
      longest = length;
      best = unchecked(this.prices[i]);
    }
    return best;
  }

  /** The cost of an answer in input tokens at the lowest price; 0 when the model has no price. */
  costOf(model: Bytes, input: u32, cached: u32, output: u32): u32 {
    if (this.least == 0) return 0;
    const price = this.of(model);
    if (price === null) return 0;
    return <u32>min<u64>(<u64>i32.MAX_VALUE, price.of(input, cached, output) / this.least);
  }
}
