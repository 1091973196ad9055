/** One sentence per thing that happens in a run, as the user reads it in the reasoning panel. */
import type { RunEvent } from "../../nodes/run-context.ts";
import type { Finding } from "../../nodes/state.ts";
import type { Plan } from "../../routing/plan.ts";

/** Nodes that are worth a sentence; backend nodes speak through their steps. */
const NODES: Readonly<Record<string, string>> = {
  classify: "Working out which sources to ask.",
  synthesize: "Writing the answer.",
  verify: "Checking the answer against the evidence.",
};

const LONGEST = 400;

/** Null for what needs no sentence. */
export function progressText(event: RunEvent): string | null {
  switch (event.type) {
    case "node_started":
      return NODES[event.node] ?? null;
    case "plan":
      return planText(event.plan);
    case "step_started":
      return `Asking ${event.backend}: ${shorten(event.question)}`;
    case "step_progress":
      return `${event.backend}: ${shorten(event.message || event.status)}`;
    case "step_finished":
      return findingText(event.finding);
    default:
      return null;
  }
}

function planText(plan: Plan): string | null {
  if (plan.kind !== "plan" || plan.steps.length === 0) return null;
  const steps = plan.steps.map((step) => {
    const after = step.depends_on.length > 0 ? ` after ${step.depends_on.join(", ")}` : "";
    return `${step.id} ${step.backend}${after}`;
  });
  return `Plan: ${shorten(steps.join("; "))}.`;
}

function findingText(finding: Finding): string {
  const { backend, status } = finding;
  if (status === "ok") return `${backend} answered after ${(finding.duration_ms / 1000).toFixed(1)} s.`;
  if (status === "clarify")
    return `${backend} asks back: ${shorten(finding.clarification?.question ?? finding.text)}`;
  const verb = status === "skipped" ? "was not asked" : "failed";
  return `${backend} ${verb}: ${shorten(finding.error?.message ?? "no reason was given")}`;
}

/** Cuts between code points, so that no half of a pair is left. */
export function shorten(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const end =
    text.charCodeAt(longest - 2) >= 0xd800 && text.charCodeAt(longest - 2) < 0xdc00
      ? longest - 2
      : longest - 1;
  return `${text.slice(0, end)}…`;
}
