/** What is wrong with one answer, in one line each. */
import type { Scored } from "../score-case.ts";

export function problems(scored: Scored): string[] {
  const { outcome, route, plan, numbers, contains, citations, grounding, spent, sub_questions } = scored;
  const list: string[] = [];
  if (outcome.error !== null) list.push(`error: ${outcome.error.slice(0, 200)}`);
  if (!route.correct) list.push(`route: expected ${route.expected}, got ${route.actual}${names(" without", route.missed)}${names(" with", route.extra)}`);
  else if (!plan.exact) list.push("plan: right backends, wrong order");
  if (sub_questions?.terms === false) list.push(`sub-questions: without ${sub_questions.missing.slice(0, 3).join("; ")}`);
  if (numbers?.correct === false) list.push(`numbers: ${numbers.found} of ${numbers.values}; missing ${numbers.missing.slice(0, 3).join("; ")}`);
  if (contains === false) list.push("the expected words are missing");
  if (citations?.valid === false) list.push(`citations: ${citations.markers} used, ${citations.dangling} dangling`);
  if (grounding?.grounded === false) list.push(`grounding: not confirmed ${grounding.failed.slice(0, 5).join(", ") || "by its citations or claims"}`);
  if (spent.within === false) list.push("budget: exceeded");
  return list;
} // prettier-ignore

export function questionText({ question: { input, messages } }: Scored): string {
  return (input ?? messages?.map(({ content }) => content).join(" / ") ?? "").slice(0, 200);
}

function names(word: string, backends: string[]): string {
  return backends.length === 0 ? "" : `${word} ${backends.join(", ")}`;
}
