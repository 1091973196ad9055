/** The configuration before it is known to be right: each section that holds, so that checks run beside other errors. */
import { ModelEndpointConfig, type WorkspaceConfig } from "../schema.ts";
import { valueAt } from "./config-path.ts";

const DECISIONS = ["router", "planner", "synthesizer", "reviser", "judge"];
const MONEY = ["max_cost_usd", "approval_over_usd", "max_cost_usd_per_user_per_day"];

export interface Draft {
  /** Every entry of `backends` with a name, right or not. */
  named: { index: number; name: string; enabled: boolean }[];
  /** Every operator rule with a pattern, right or not. */
  rules: { index: number; pattern: string; flags: string; backends: string[] }[];
  redact: string[];
  /** Those of its settings that are text. */
  workspace: { [key in keyof WorkspaceConfig]?: string };
  /** The models that are given and right. */
  models: { decision: string; model: ModelEndpointConfig }[];
  /** The first setting that limits money. */
  money_limit: string | null;
}

export function draftOf(data: unknown): Draft {
  return {
    named: listAt(data, ["backends"]).flatMap(namedBackend),
    rules: listAt(data, ["routing", "rules"]).flatMap(namedRule),
    redact: listAt(data, ["tracing", "redact"]).filter((each) => typeof each === "string"),
    workspace: textsAt(data, ["workspace"]),
    models: DECISIONS.flatMap((decision) => {
      const model = ModelEndpointConfig.safeParse(valueAt(data, ["models", decision])).data;
      return model === undefined ? [] : [{ decision, model }];
    }),
    money_limit: MONEY.find((key) => valueAt(data, ["budgets", key]) !== undefined) ?? null,
  };
}

function namedBackend(item: unknown, index: number): Draft["named"] {
  const name = valueAt(item, ["name"]);
  return typeof name === "string" ? [{ index, name, enabled: valueAt(item, ["enabled"]) !== false }] : [];
}

function namedRule(item: unknown, index: number): Draft["rules"] {
  const pattern = valueAt(item, ["pattern"]);
  const flags = valueAt(item, ["flags"]) ?? "i";
  const backends = listAt(item, ["backends"]).filter((each) => typeof each === "string");
  return typeof pattern === "string" && typeof flags === "string"
    ? [{ index, pattern, flags, backends }]
    : [];
}

function textsAt(data: unknown, path: readonly string[]): Record<string, string> {
  const entries = Object.entries(valueAt(data, path) ?? {});
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "string"));
}

function listAt(data: unknown, path: readonly string[]): unknown[] {
  const value = valueAt(data, path);
  return Array.isArray(value) ? value : [];
}
