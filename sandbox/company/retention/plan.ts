/** Plans one account by the playbook: which plays, what they cost, what they are expected to save. */
import { driverWords, type Score } from "../churn/scores.ts";
import type { Approver, Play, Playbook } from "./playbook.ts";

export interface AccountPlan {
  score: Score;
  plays: { play: Play; because: string }[];
  /** Whole percent; 0 where no discount is offered. */
  discount_pct: number;
  discount_months: number;
  /** US dollars. */
  play_cost: number;
  discount_cost: number;
  total_cost: number;
  /** US dollars a month. */
  expected_saved_mrr: number;
  approver: string;
}

const MOST_PLAYS = 2;
const SECOND_COUNTS = 0.5;
const SAVE_RATE_CAP = 0.6;
/** Plays may cost so many times the expected saved MRR. */
const COST_LIMIT = 12;

export function planAccount(score: Score, playbook: Playbook): AccountPlan {
  const segment = score.customer.segment;
  const chosen = score.drivers
    .flatMap((share) => {
      const play = playbook.plays.get(share.driver);
      return play ? [{ play, because: driverWords(share) }] : [];
    })
    .slice(0, MOST_PLAYS);
  const plays = chosen.length > 0 ? chosen : [fixed(playbook, "no clear driver", "no driver stands out")];
  const plan = costed(score, plays, discountFor(score, plays, playbook), playbook);
  if (plan.play_cost <= COST_LIMIT * plan.expected_saved_mrr) return plan;
  const lowTouch = [
    fixed(playbook, "low touch", "larger plays would cost more than a year of the expected saved MRR"),
  ];
  return costed(score, lowTouch, { pct: 0, months: playbook.discounts.get(segment)?.months ?? 0 }, playbook);
}

function costed(
  score: Score,
  plays: AccountPlan["plays"],
  discount: { pct: number; months: number },
  playbook: Playbook,
): AccountPlan {
  const play_cost = plays.reduce((sum, { play }) => sum + (play.cost[score.customer.segment] ?? 0), 0);
  const discount_cost = cents((score.mrr * discount.pct * discount.months) / 100);
  const total_cost = cents(play_cost + discount_cost);
  const rate = Math.min(
    SAVE_RATE_CAP,
    plays.reduce((sum, { play }, i) => sum + play.save_rate * (i === 0 ? 1 : SECOND_COUNTS), 0),
  );
  return {
    score,
    plays,
    discount_pct: discount.pct,
    discount_months: discount.months,
    play_cost,
    discount_cost,
    total_cost,
    expected_saved_mrr: cents(score.mrr_at_risk * rate),
    approver: approverOf(total_cost, discount.pct, playbook),
  };
}

/** The price increase again, or half of the limit against a competitor; the larger, within the limit. */
function discountFor(
  score: Score,
  plays: AccountPlan["plays"],
  playbook: Playbook,
): { pct: number; months: number } {
  const { limit, months } = playbook.discounts.get(score.customer.segment) ?? { limit: 0, months: 0 };
  const drivers = plays.map(({ play }) => play.driver);
  const offers = [
    drivers.includes("price increase") ? score.price_increase : 0,
    drivers.includes("competitor") ? limit / 2 : 0,
  ];
  return { pct: Math.min(limit, Math.round(Math.max(...offers))), months };
}

/** The higher of the two approvals that a plan needs: for its cost and for its discount. */
function approverOf(cost: number, discount: number, playbook: Playbook): string {
  const ofCost = playbook.plan_approvers.find((a) => cost <= a.up_to);
  const ofDiscount = discount > 0 ? playbook.discount_approvers.find((a) => discount <= a.up_to) : undefined;
  const names = [ofCost, ofDiscount].flatMap((a: Approver | undefined) => (a ? [a.who] : []));
  const above = names.filter((who) => who !== "Account Owner");
  return [...new Set(above.length > 0 ? above : names)].join(" and ");
}

function fixed(playbook: Playbook, driver: string, because: string): AccountPlan["plays"][number] {
  const play = playbook.plays.get(driver);
  if (!play) throw new Error(`the playbook has no play for ${driver}`);
  return { play, because };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
