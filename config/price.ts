/** What tokens cost by the configured prices. Pure; unknown stays unknown. */
import type { ModelsConfig, PriceConfig } from "./schema.ts";

export interface PricedTokens {
  input_tokens: number;
  /** Part of `input_tokens`. */
  cached_tokens: number;
  output_tokens: number;
}

/** Dollars for a model's tokens, by endpoint or model name; null where no price is configured. */
export type Price = (model: string, tokens: PricedTokens) => number | null;

export function priceFrom(models: ModelsConfig): Price {
  const prices = new Map<string, PriceConfig>();
  for (const model of Object.values(models)) {
    if (model === "none" || model.price === undefined) continue;
    for (const name of [model.model, model.endpoint]) if (name !== undefined) prices.set(name, model.price);
  }
  return (model, tokens) => {
    const price = prices.get(model);
    return price === undefined ? null : dollars(price, tokens);
  };
}

function dollars(price: PriceConfig, tokens: PricedTokens): number {
  const fresh = tokens.input_tokens - tokens.cached_tokens;
  const cached = tokens.cached_tokens * (price.cached_input ?? price.input);
  return (fresh * price.input + cached + tokens.output_tokens * price.output) / 1_000_000;
}
