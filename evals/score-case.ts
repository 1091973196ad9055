/** All scores of one case. */
import type { Case } from "./case.ts";
import type { Outcome } from "./outcome.ts";
import { scoreCitations, type CitationScore } from "./scorers/citations.ts";
import { scoreGrounding, type GroundingScore } from "./scorers/grounding.ts";
import { scoreNumbers, type NumberScore } from "./scorers/numbers.ts";
import { scorePlan, type PlanScore } from "./scorers/plan.ts";
import { routeOf, scoreRoute, type RouteScore } from "./scorers/route.ts";
import { scoreSpent, type SpentScore } from "./scorers/spent.ts";
import { scoreSubQuestions, type SubQuestionScore } from "./scorers/sub-questions.ts";
import { tierOf, type Tier } from "./scorers/tier.ts";
import { scoreTrajectory, type TrajectoryScore } from "./scorers/trajectory.ts";
import type { Truth } from "./truth.ts";

export interface Scored {
  question: Case;
  outcome: Outcome;
  route: RouteScore;
  plan: PlanScore;
  /** Null where the case states no expected values. */
  numbers: NumberScore | null;
  /** Null where the case states no expected words. */
  contains: boolean | null;
  citations: CitationScore | null;
  grounding: GroundingScore | null;
  trajectory: TrajectoryScore | null;
  sub_questions: SubQuestionScore | null;
  spent: SpentScore;
  tier: Tier | null;
}

export function scoreCase(question: Case, outcome: Outcome, truths: readonly Truth[]): Scored {
  const { contains } = question.expect;
  const text = outcome.text.toLowerCase();
  return {
    question,
    outcome,
    route: scoreRoute(question.expect, routeOf(outcome.response)),
    plan: scorePlan(question.expect, outcome.response),
    numbers: truths.length === 0 ? null : scoreNumbers(outcome.text, truths),
    contains: contains.length === 0 ? null : contains.every((words) => text.includes(words.toLowerCase())),
    citations: scoreCitations(outcome),
    grounding: scoreGrounding(outcome),
    trajectory: scoreTrajectory(question.expect, outcome.response),
    sub_questions: scoreSubQuestions(question.expect, outcome.response),
    spent: scoreSpent(question, outcome),
    tier: tierOf(outcome.response),
  };
}
