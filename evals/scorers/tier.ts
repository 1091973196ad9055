/** Which tier of the cascade decided: T0 rules, T1 local, T2 small model, T3 large model, T4 ask back or decline. */
import type { ResponseOnWire } from "../wire.ts";

export const TIERS = ["T0", "T1", "T2", "T3", "T4", "given"] as const;
export type Tier = (typeof TIERS)[number];

const NAMES: Record<string, Tier> = {
  rules: "T0",
  local: "T1",
  fallback: "T1",
  small: "T2",
  large: "T3",
  given: "given",
};

/** Null where there is no decision. Whoever asks back or declines, it counts as T4. */
export function tierOf(response: ResponseOnWire | null): Tier | null {
  const plan = response?.custom_outputs.plan ?? null;
  const tier = NAMES[plan?.decision?.tier ?? ""];
  if (plan === null || tier === undefined) return null;
  return tier !== "given" && (plan.kind === "clarify" || plan.kind === "refuse") ? "T4" : tier;
}
