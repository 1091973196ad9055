/** Wishes for a turn that this server cannot meet are refused by name before the run. */
import type { Options } from "../../nodes/state.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { checkPlan } from "../threads/check-plan.ts";
import { threadsOf } from "../threads/find-thread.ts";

const NEED_MODEL = ["tools", "json_schema", "json_object"] as const;

export function checkOptions(exchange: Exchange, options: Options): void {
  const { services } = exchange;
  options.backends?.forEach((name, index) => {
    if (services.orchestrator.backends.has(name)) return;
    const param = `input.options.backends[${index}]`;
    throw new RequestError("invalid_value", `Invalid '${param}': no such backend.`, { param });
  });
  if (options.plan !== undefined) checkPlan(exchange, threadsOf(exchange), options.plan);
  const wish = NEED_MODEL.find((name) => options[name] !== undefined && options[name] !== false);
  if (wish === undefined || services.config.models.synthesizer !== "none") return;
  const param = `input.options.${wish}`;
  throw new RequestError(
    "unsupported_parameter",
    `Unsupported '${param}': a model must be configured as 'models.synthesizer' first.`,
    { param },
  );
}
