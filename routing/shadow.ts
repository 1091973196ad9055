/** Lets a candidate configuration decide beside the live one on a share of the questions; what it decides is never run. */
import { isSimple, withPrevious, type Cascade } from "./cascade.ts";
import { temper } from "./confidence.ts";
import { planLocally } from "./local/planner.ts";
import type { Plan } from "./plan.ts";
import type { RouteInput } from "./router.ts";
import { textHash } from "./text/text-hash.ts";

/** One question decided twice. Its text is not in it. */
export interface ShadowDecision {
  question_hash: string;
  agreed: boolean;
  live: { tier: string; backends: string[] };
  /** `local`: the candidate decides alone; `up`: it would hand the question on to a model. */
  candidate: { tier: "local" | "up"; backends: string[] };
  /** Since the router was built. */
  seen: number;
  disagreed: number;
}

export interface ShadowDeps {
  random: () => number;
  onDecision: (decision: ShadowDecision) => void;
}

export type Shadow = (input: RouteInput, live: Plan) => void;

/** `cascade` is the candidate's. Asks no model, so a trial costs nothing. Decisions by rule, talk and given plans have no threshold: left out. */
export function createShadow(cascade: Cascade, deps: ShadowDeps): Shadow {
  const { shadow, clarify } = cascade.config.routing;
  const counts = { seen: 0, disagreed: 0 };
  return (input, live) => {
    if (shadow === undefined || live.kind !== "plan" || live.decision.tier === "rules") return;
    if (deps.random() >= shadow.share) return;
    const local = planLocally(withPrevious(input, cascade), cascade.readerFor(input.allowed), clarify);
    const sure = isSimple(local) && temper(local.confidence, cascade.temperature) >= cascade.threshold;
    const backends = sure ? backendsOf(local) : [];
    const agreed = sure
      ? backends.join(" ") === backendsOf(live).join(" ")
      : !(isSimple(local) && live.decision.tier === "local");
    counts.seen += 1;
    counts.disagreed += Number(!agreed);
    deps.onDecision({
      question_hash: textHash(input.question),
      agreed,
      live: { tier: live.decision.tier, backends: backendsOf(live) },
      candidate: { tier: sure ? "local" : "up", backends },
      ...counts,
    });
  };
}

function backendsOf({ steps }: Pick<Plan, "steps">): string[] {
  return [...new Set(steps.map((step) => step.backend))].sort();
}
