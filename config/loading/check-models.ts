/** Prices are known where money is limited, and one model has one price. */
import type { ModelEndpointConfig } from "../schema.ts";
import type { Check } from "./check.ts";
import type { Draft } from "./draft.ts";

export const checkModels: Check = (draft) => [...checkPriced(draft), ...checkOnePrice(draft)];

function checkPriced({ models, money_limit }: Draft): ReturnType<Check> {
  if (money_limit === null) return [];
  return models
    .filter(({ model }) => model.price === undefined)
    .map(({ decision }) => ({
      path: ["models", decision, "price"],
      found: `nothing, while budgets.${money_limit} limits money`,
      expected: "`input` and `output` in US dollars per million tokens",
      fix: `add the model's price, or remove budgets.${money_limit}`,
    }));
}

function checkOnePrice({ models }: Draft): ReturnType<Check> {
  return models.flatMap(({ decision, model }, index) => {
    const same = models.slice(0, index).find((other) => nameOf(other.model) === nameOf(model));
    if (same === undefined || JSON.stringify(same.model.price) === JSON.stringify(model.price)) return [];
    const found = `another price for ${nameOf(model)} than models.${same.decision} has`;
    const fix = "write the same price at both places";
    return [{ path: ["models", decision, "price"], found, expected: "one price per model", fix }];
  });
}

function nameOf(model: ModelEndpointConfig): string {
  return `${model.base_url ?? ""} ${model.model ?? model.endpoint ?? ""}`.trim();
}
