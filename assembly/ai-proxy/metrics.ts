import { counters } from "../proxy-wasm/metrics";

const requests = counters("ai_proxy_requests_total", ["provider", "model", "status"]);

/**
 * Counts a request that has ended. `model`: as asked of the vendor, `none` when the API has none.
 */
export function countRequest(provider: string, model: string, status: string): void {
  requests.add([provider, model, status]);
}
