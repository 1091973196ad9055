/** The retention-operations agent: a costed action plan per customer from the documented rules. */
import type { AnsweringPart, Asked, PartAnswer } from "../contract.ts";
import type { Customer } from "../directory.ts";
import type { Score, Scores } from "../churn/scores.ts";
import type { Scope } from "../scope.ts";
import { ignoredWords, isWithin } from "../restrictions.ts";
import { inSlice } from "../slice.ts";
import { planAccount, type AccountPlan } from "./plan.ts";
import type { Playbook } from "./playbook.ts";
import { reportPlans } from "./report.ts";

const DEFAULT_COUNT = 5;
const ASK_BACK =
  "For which customers should I plan? Name one or more customers, or a segment, region, country, industry, plan or account owner, such as: the top five enterprise customers in EMEA.";
const BUDGET = /budget[^.\d$]{0,30}\$?\s*([\d,]+(?:\.\d+)?)\s*(k)?/i;

export function createRetention(
  scores: Scores,
  playbook: Playbook,
  readScope: (asked: Asked) => Scope,
): AnsweringPart {
  return {
    async answer(asked): Promise<PartAnswer> {
      const scope = readScope(asked);
      const named = namedIn(scope);
      if (named.length === 0 && scope.slices.length === 0) {
        const [stranger] = scope.strangers;
        const unknown =
          stranger === undefined
            ? []
            : [`I know no customer and no group of customers called "${stranger}".`];
        return {
          text: [...unknown, ASK_BACK].join(" "),
          citations: [],
          custom_outputs: { needs: "customers" },
        };
      }
      const chosen = named.length > 0 ? named.flatMap((c) => scores.of(c) ?? []) : topOf(scope, scores);
      const plans = chosen.map((score) => planAccount(score, playbook));
      const kept = withinBudget(plans, asked.question);
      const gone = named.filter((c) => !scores.of(c)).map((c) => c.name);
      const slices = named.length > 0 ? null : scope.slices;
      const report = reportPlans(
        { plans: kept, slices, gone, dropped: plans.length - kept.length },
        playbook,
      );
      const notes = ignoredWords([...scope.ignored, ...scope.strangers]);
      return { ...report, text: [report.text, ...notes].join("\n") };
    },
  };
}

/** Customers of the question; without any customers or slice in it, those of the context. */
function namedIn({ customers, slices, context, count }: Scope): Customer[] {
  if (customers.length > 0 || slices.length > 0) return customers;
  return context.slice(0, count ?? context.length);
}

/** The slice's customers with the most MRR at risk. */
function topOf({ slices, count, place, mrr }: Scope, scores: Scores): Score[] {
  const from = (place ?? 1) - 1;
  return scores.ranked
    .filter((s) => isWithin(s.mrr, mrr) && slices.every((slice) => inSlice(s.customer, slice)))
    .toSorted((a, b) => b.mrr_at_risk - a.mrr_at_risk)
    .slice(from, from + (count ?? DEFAULT_COUNT));
}

/** With a budget, the plans that save most per dollar are kept, in their own order. */
function withinBudget(plans: AccountPlan[], question: string): AccountPlan[] {
  const [, amount, thousands] = BUDGET.exec(question) ?? [];
  if (amount === undefined) return plans;
  let left = Number(amount.replaceAll(",", "")) * (thousands ? 1_000 : 1);
  const perDollar = (plan: AccountPlan) => plan.expected_saved_mrr / plan.total_cost;
  const kept = new Set<AccountPlan>();
  for (const plan of plans.toSorted((a, b) => perDollar(b) - perDollar(a))) {
    if (plan.total_cost > left) continue;
    left -= plan.total_cost;
    kept.add(plan);
  }
  return plans.filter((plan) => kept.has(plan));
}
