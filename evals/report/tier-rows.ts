/** Routing and plans by the tier that decided. */
import type { Scored } from "../score-case.ts";
import { TIERS, type Tier } from "../scorers/tier.ts";
import { summarize } from "../summarize.ts";
import { decimals, shareText } from "./shares.ts";

export const TIER_HEAD = [
  "tier",
  "cases",
  "routing",
  "plan",
  "node F1 / edge F1, several backends",
  "p50 ms",
];

const NAMES: Record<Tier, string> = {
  T0: "T0 rules",
  T1: "T1 local",
  T2: "T2 small model",
  T3: "T3 large model",
  T4: "T4 asks back or declines",
  given: "given plans",
};

/** Tiers that decided nothing show with no cases. */
export function tierRows(scored: readonly Scored[]): string[][] {
  return TIERS.map((tier) => {
    const part = scored.filter((one) => one.tier === tier);
    const s = summarize(part);
    const f1 = `${decimals(s.node_f1)} / ${decimals(s.edge_f1)}`;
    const p50 = part.length === 0 ? "-" : String(Math.round(s.latency_ms.p50 ?? 0));
    return [NAMES[tier], String(part.length), shareText(s.routing), shareText(s.plan), f1, p50];
  });
}
