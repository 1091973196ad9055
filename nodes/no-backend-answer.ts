/** What is said without a model when no backend was asked: a greeting's reply, or what could be asked instead. Pure. */
import { exampleQuestions } from "../config/example-questions.ts";
import type { BackendConfig } from "../config/schema.ts";
import type { Plan } from "../routing/plan.ts";
import { title } from "./compose.ts";
import type { SynthesisInput } from "./synthesis-prompt.ts";

/** `question`: who says thanks or goodbye in a conversation needs no list of what can be asked. */
export function noBackendAnswer(
  plan: Plan | null,
  backends: BackendConfig[],
  { question, history }: Pick<SynthesisInput, "question" | "history">,
): string {
  if (plan?.kind === "direct" && history.length > 0 && !question.includes("?"))
    return "You are welcome. Ask again whenever you like.";
  const offer = backends.map(
    (backend) => `- **${title(backend.name)}**: ${backend.description.trim()}${example(backend)}`,
  );
  const lead =
    plan?.kind === "refuse"
      ? (plan.refuse?.reason ?? "None of the configured backends can answer this.")
      : "Ask a question, and it goes to the backends that can answer it.";
  return `${lead}\n\nWhat can be asked here:\n\n${offer.join("\n")}`;
}

function example(backend: BackendConfig): string {
  const first = exampleQuestions(backend)[0];
  return first === undefined ? "" : ` For example: "${first}"`;
}
