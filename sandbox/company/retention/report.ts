/** Puts plans into words and tables, with the places where the rules stand. */
import type { PartAnswer } from "../contract.ts";
import { scopeWords } from "../scope.ts";
import type { Slice } from "../slice.ts";
import { money, percentage, sumOf, tableOf, type Table } from "../table.ts";
import type { AccountPlan } from "./plan.ts";
import type { Playbook } from "./playbook.ts";

export interface Planned {
  plans: AccountPlan[];
  /** The slice that was planned for; null for named customers. */
  slices: readonly Slice[] | null;
  /** Names of customers that have already left. */
  gone: string[];
  /** How many plans did not fit the budget. */
  dropped: number;
}

const PLAN_LAYOUT =
  "customer:STRING segment:STRING probability_pct:DOUBLE mrr:DECIMAL mrr_at_risk:DECIMAL plays:STRING owners:STRING discount_pct:LONG play_cost:DECIMAL discount_cost:DECIMAL total_cost:DECIMAL expected_saved_mrr:DECIMAL approver:STRING";
const STEP_LAYOUT = "customer:STRING play:STRING driver:STRING owner:STRING step:STRING";

export function reportPlans({ plans, slices, gone, dropped }: Planned, playbook: Playbook): PartAnswer {
  const left = gone.length > 0 ? [`Left out, because they have already left: ${gone.join(", ")}.`] : [];
  if (plans.length === 0 && dropped === 0) {
    const text = ["There is no active customer to plan for.", ...left].join(" ");
    return { text, citations: [], custom_outputs: { tables: [] } };
  }
  const who = slices === null ? (plans.length === 1 ? "customer" : "customers") : scopeWords(slices);
  const lines = [
    `Retention plan for ${plans.length} ${who}${slices === null ? "" : ", most MRR at risk first"}:`,
    ...plans.map(planWords),
    totalWords(plans),
    ...(dropped > 0 ? [`Left out because of the budget: ${dropped}.`] : []),
    ...left,
  ];
  const { text, citations } = withSources(lines.join("\n"), playbook);
  return { text, citations, custom_outputs: { tables: [planTable(plans), stepTable(plans)] } };
}

function planWords(plan: AccountPlan, i: number): string {
  const { customer, probability, mrr, mrr_at_risk } = plan.score;
  const plays = plan.plays.map(
    ({ play, because }) => `${play.name} (owner: ${play.owner}; for ${because}): ${play.steps.join("; ")}`,
  );
  const risk = `churn probability ${percentage(probability)} %, MRR ${money(mrr)} USD, at risk ${money(mrr_at_risk)} USD`;
  const discount =
    plan.discount_pct > 0
      ? `Discount ${plan.discount_pct} % for ${plan.discount_months} months (${money(plan.discount_cost)} USD).`
      : "No discount.";
  return (
    `${i + 1}. ${customer.name} (${customer.segment}, ${risk}): ${plays.join(". Then ")}. ${discount} ` +
    `Cost ${money(plan.total_cost)} USD, expected saved MRR ${money(plan.expected_saved_mrr)} USD a month, ` +
    `approval by the ${plan.approver}.`
  );
}

function totalWords(plans: readonly AccountPlan[]): string {
  const sum = (value: (plan: AccountPlan) => number) => money(sumOf(plans, value));
  return (
    `Total: cost ${sum((p) => p.total_cost)} USD (plays ${sum((p) => p.play_cost)}, discounts ` +
    `${sum((p) => p.discount_cost)}), MRR at risk ${sum((p) => p.score.mrr_at_risk)} USD, expected saved MRR ` +
    `${sum((p) => p.expected_saved_mrr)} USD a month.`
  );
}

function withSources(report: string, playbook: Playbook): Pick<PartAnswer, "text" | "citations"> {
  let text = `${report}\nRules:`;
  const citations = playbook.sources.map(({ document, heading, url, text: rule }, i) => {
    const title = `${document} – ${heading}`;
    const start_index = text.length + 1;
    text += ` ${title}${i < playbook.sources.length - 1 ? ";" : "."}`;
    return { title, url, start_index, end_index: start_index + title.length, snippet: rule.slice(0, 300) };
  });
  return { text, citations };
}

function planTable(plans: readonly AccountPlan[]): Table {
  const rows = plans.map((p) => {
    const { customer, probability, mrr, mrr_at_risk } = p.score;
    const owners = [...new Set(p.plays.map(({ play }) => play.owner))];
    const risk = [Number(percentage(probability)), money(mrr), money(mrr_at_risk)];
    const plays = [p.plays.map(({ play }) => play.name).join(", "), owners.join(", ")];
    const costs = [money(p.play_cost), money(p.discount_cost), money(p.total_cost)];
    const saved = money(p.expected_saved_mrr);
    return [customer.name, customer.segment, ...risk, ...plays, p.discount_pct, ...costs, saved, p.approver];
  });
  return tableOf("Retention plan", PLAN_LAYOUT, rows);
}

function stepTable(plans: readonly AccountPlan[]): Table {
  const rows = plans.flatMap(({ score, plays }) =>
    plays.flatMap(({ play }) =>
      play.steps.map((step) => [score.customer.name, play.name, play.driver, play.owner, step]),
    ),
  );
  return tableOf("Steps", STEP_LAYOUT, rows);
}
