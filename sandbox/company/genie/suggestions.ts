/** Questions that could be asked next: the same figure from another side. */
import { DIMENSIONS } from "../dimensions.ts";
import { FACTS, measure } from "./measures.ts";
import type { Spec } from "./spec.ts";
import { hasGrain } from "./windows.ts";

export const STARTERS: readonly string[] = [
  "What is MRR by region?",
  "Which 10 customers have the most open tickets?",
  "How has the churn rate developed by month in 2026?",
];

export function suggestionsFor(spec: Spec): string[] {
  const first = spec.measures[0];
  if (!first) return [...STARTERS];
  const m = measure(first);
  const free = DIMENSIONS.find(
    (d) => ["region", "segment", "industry", "plan"].includes(d.id) && !spec.dimensions.includes(d.id),
  );
  const suggestions = [`What is ${m.label} by ${free?.label ?? "country"}?`];
  const hasCourse = !m.fixed && m.fact !== "renewals";
  if (!hasGrain(spec) && hasCourse) suggestions.push(`How has ${m.label} developed by month in 2026?`);
  if (!spec.dimensions.includes("customer") && FACTS[m.fact].id !== "renewals") {
    suggestions.push(`Which 10 customers have the ${m.better === "low" ? "highest" : "lowest"} ${m.label}?`);
  }
  return suggestions;
}
