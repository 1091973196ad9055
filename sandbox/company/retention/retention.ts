/** The retention-operations agent: a costed action plan per customer from the documented rules. */
import type { AnsweringPart, Asked, PartAnswer } from "../contract.ts";
import type { Score, Scores } from "../churn/scores.ts";
import { scopeWords, type Scope } from "../scope.ts";
import { inSlice } from "../slice.ts";
import { money, percentage, type Table } from "../table.ts";
import { planAccount, type AccountPlan } from "./plan.ts";
import type { Playbook } from "./playbook.ts";

const DEFAULT_COUNT = 5;
const ASK_BACK =
  "For which customers should I plan? Name one or more customers, or a segment, region, country, industry, plan or account owner, such as: the top five enterprise customers in EMEA.";
const BUDGET = /budget[^.\d$]{0,30}\$?\s*([\d,]+(?:\.\d+)?)\s*(k)?/i;

export function createRetention(scores: Scores, playbook: Playbook, readScope: (asked: Asked) => Scope): AnsweringPart {
  return {
    async answer(asked) {
      const scope = readScope(asked);
      if (scope.customers.length === 0 && scope.slices.length === 0) return { text: ASK_BACK, citations: [], custom_outputs: { needs: "customers" } };
      const chosen = choose(scope, scores);
      if (chosen.length === 0) return { text: `There is no active customer to plan for${gone(scope, scores)}.`, citations: [], custom_outputs: { tables: [] } };
      const all = chosen.map((score) => planAccount(score, playbook));
      const plans = withinBudget(all, asked.question);
      return report(plans, all.length - plans.length, scope, scores, playbook);
    },
  };
} // prettier-ignore

/** Named customers as they come; of a slice those with the most MRR at risk. */
function choose(scope: Scope, scores: Scores): Score[] {
  if (scope.customers.length > 0) return scope.customers.flatMap((c) => scores.of(c) ?? []);
  return scores.ranked
    .filter((s) => scope.slices.every((slice) => inSlice(s.customer, slice)))
    .toSorted((a, b) => b.mrr_at_risk - a.mrr_at_risk)
    .slice(0, scope.count ?? DEFAULT_COUNT);
}

/** With a budget, the plans that save most per dollar go first; the order of the rest stays. */
function withinBudget(plans: AccountPlan[], question: string): AccountPlan[] {
  const match = BUDGET.exec(question);
  if (!match?.[1]) return plans;
  let left = Number(match[1].replaceAll(",", "")) * (match[2] ? 1_000 : 1);
  const kept = new Set<AccountPlan>();
  for (const plan of plans.toSorted((a, b) => b.expected_saved_mrr / b.total_cost - a.expected_saved_mrr / a.total_cost)) {
    if (plan.total_cost > left) continue;
    left -= plan.total_cost;
    kept.add(plan);
  }
  return plans.filter((plan) => kept.has(plan));
} // prettier-ignore

function report(plans: AccountPlan[], dropped: number, scope: Scope, scores: Scores, playbook: Playbook): PartAnswer {
  const what = scope.customers.length > 0 ? (plans.length === 1 ? "customer" : "customers") : `${scopeWords(scope.slices)}, most MRR at risk first`;
  const sum = (value: (p: AccountPlan) => number) => money(plans.reduce((total, p) => total + value(p), 0));
  const lines = [
    `Retention plan for ${plans.length} ${what}:`,
    ...plans.map(planText),
    `Total: cost ${sum((p) => p.total_cost)} USD (plays ${sum((p) => p.play_cost)}, discounts ${sum((p) => p.discount_cost)}), MRR at risk ${sum((p) => p.score.mrr_at_risk)} USD, expected saved MRR ${sum((p) => p.expected_saved_mrr)} USD a month.`,
    ...(dropped > 0 ? [`Left out because of the budget: ${dropped}.`] : []),
    ...(gone(scope, scores) ? [`Left out${gone(scope, scores)}.`] : []),
  ];
  let text = `${lines.join("\n")}\nRules: `;
  const citations = playbook.sources.map((section, i) => {
    const title = `${section.document} – ${section.heading}`;
    const start_index = text.length;
    text += `${title}${i < playbook.sources.length - 1 ? "; " : "."}`;
    return { title, url: section.url, start_index, end_index: start_index + title.length, snippet: section.text.slice(0, 300) };
  });
  return { text, citations, custom_outputs: { tables: [planTable(plans), stepTable(plans)] } };
} // prettier-ignore

function gone(scope: Scope, scores: Scores): string {
  const names = scope.customers.filter((c) => !scores.of(c)).map((c) => c.name);
  return names.length > 0 ? `, because they have already left: ${names.join(", ")}` : "";
}

function planText(plan: AccountPlan, i: number): string {
  const { customer, probability, mrr, mrr_at_risk } = plan.score;
  const plays = plan.plays.map(({ play, because }) => `${play.name} by the ${play.owner} (${because}): ${play.steps.join("; ")}`);
  const discount = plan.discount_pct > 0 ? ` Discount ${plan.discount_pct} % for ${plan.discount_months} months (${money(plan.discount_cost)} USD).` : " No discount.";
  return `${i + 1}. ${customer.name} (${customer.segment}, churn probability ${percentage(probability)} %, MRR ${money(mrr)} USD, at risk ${money(mrr_at_risk)} USD): ${plays.join(". Then ")}.${discount} Cost ${money(plan.total_cost)} USD, expected saved MRR ${money(plan.expected_saved_mrr)} USD a month, approval by the ${plan.approver}.`;
} // prettier-ignore

function planTable(plans: readonly AccountPlan[]): Table {
  return {
    title: "Retention plan",
    columns: [
      { name: "customer", type: "STRING" }, { name: "segment", type: "STRING" }, { name: "probability_pct", type: "DOUBLE" }, { name: "mrr", type: "DECIMAL" }, { name: "mrr_at_risk", type: "DECIMAL" },
      { name: "plays", type: "STRING" }, { name: "owners", type: "STRING" }, { name: "discount_pct", type: "LONG" }, { name: "play_cost", type: "DECIMAL" }, { name: "discount_cost", type: "DECIMAL" },
      { name: "total_cost", type: "DECIMAL" }, { name: "expected_saved_mrr", type: "DECIMAL" }, { name: "approver", type: "STRING" },
    ],
    rows: plans.map((p) => [
      p.score.customer.name, p.score.customer.segment, Number(percentage(p.score.probability)), money(p.score.mrr), money(p.score.mrr_at_risk),
      p.plays.map(({ play }) => play.name).join(", "), [...new Set(p.plays.map(({ play }) => play.owner))].join(", "), p.discount_pct, money(p.play_cost), money(p.discount_cost),
      money(p.total_cost), money(p.expected_saved_mrr), p.approver,
    ]),
  };
} // prettier-ignore

function stepTable(plans: readonly AccountPlan[]): Table {
  return {
    title: "Steps",
    columns: [{ name: "customer", type: "STRING" }, { name: "play", type: "STRING" }, { name: "driver", type: "STRING" }, { name: "owner", type: "STRING" }, { name: "step", type: "STRING" }],
    rows: plans.flatMap((p) => p.plays.flatMap(({ play }) => play.steps.map((step) => [p.score.customer.name, play.name, play.driver, play.owner, step]))),
  };
} // prettier-ignore
