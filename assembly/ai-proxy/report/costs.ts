import { Bytes } from "../../proxy-wasm/bytes";
import { MICRO, Price, Prices } from "../../rules/prices";
import { countCost } from "./metrics";
import { Usage } from "./usage";

const KINDS: string[] = ["spent", "saved", "surcharge"];

/** Remainders below a millionth, by provider, currency and kind. */
const remainders = new Map<string, u64>();

/** The cost of one exchange, in trillionths of the currency. */
export class Cost {
  /** The total. */
  readonly spent: u64;
  /** Savings from the vendor's cache. */
  readonly saved: u64;
  /** Surcharge for writing to it. */
  readonly surcharge: u64;

  constructor(
    usage: Usage,
    readonly price: Price,
  ) {
    const cached = <u64>min(usage.cached, usage.prompt);
    const written = <u64>min(usage.written, usage.prompt - <i64>cached);
    const fresh = <u64>usage.prompt - cached - written;
    const output = <u64>usage.completion * price.output;
    this.spent = fresh * price.input + cached * price.cached + written * price.written + output;
    this.saved = price.cached < price.input ? cached * (price.input - price.cached) : 0;
    this.surcharge = price.written > price.input ? written * (price.written - price.input) : 0;
  }
}

/** The cost of an exchange; null if the model has no price. */
export function costOf(usage: Usage, prices: Prices, model: Bytes): Cost | null {
  const price = prices.of(model);
  return price === null ? null : new Cost(usage, price);
}

/** Counts a cost exactly: integers, with the remainders carried over. */
export function countCosts(provider: string, cost: Cost): void {
  const currency = cost.price.currency;
  const picos: u64[] = [cost.spent, cost.saved, cost.surcharge];
  for (let i = 0; i < picos.length; i++) {
    if (picos[i] == 0) continue;
    const key = currency + KINDS[i] + provider;
    const sum = (remainders.has(key) ? remainders.get(key) : 0) + picos[i];
    remainders.set(key, sum % MICRO);
    if (sum >= MICRO) countCost(provider, currency, KINDS[i], sum / MICRO);
  }
}
