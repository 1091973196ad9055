/** Shows one event: steps beside the answer, the answer itself as it arrives, citations below it. */
import { paint } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import type { FinalResponse, StreamEvent } from "./events.ts";

export function showEvent(event: StreamEvent, terminal: Terminal): void {
  const aside = (text: string) => terminal.err(`${paint(terminal, "dim", text)}\n`);
  switch (event.type) {
    case "orchestrator.plan":
      for (const { id, backend, depends_on, question } of event.plan.steps) {
        aside(
          `${id}  ${backend}${depends_on.length > 0 ? ` after ${depends_on.join(", ")}` : ""}: ${question}`,
        );
      }
      return;
    case "orchestrator.step_started":
      return;
    case "orchestrator.step_progress":
      return aside(`${event.step}  ${event.backend}: ${event.message}`);
    case "orchestrator.step_finished": {
      const { step, backend, status, duration_ms, error } = event.finding;
      const outcome = status === "ok" ? "answered" : (error?.message ?? status);
      return aside(`${step}  ${backend}: ${outcome} (${(duration_ms / 1_000).toFixed(1)} s)`);
    }
    case "response.output_text.delta":
      return terminal.out(event.delta);
    default:
      return showEnd(event.response, terminal);
  }
}

function showEnd(response: FinalResponse, terminal: Terminal): void {
  terminal.out("\n");
  if (response.error) terminal.err(`${paint(terminal, "red", response.error.message)}\n`);
  const { citations = [], missing = [], suggested_questions: questions = [] } = response.custom_outputs ?? {};
  for (const { n, title, url } of citations)
    terminal.out(`[${n}] ${[title, url].filter(Boolean).join("  ")}\n`);
  for (const { backend, reason } of missing) {
    terminal.err(`${paint(terminal, "yellow", `missing: ${backend}`)}: ${reason}\n`);
  }
  for (const question of questions) terminal.err(`${paint(terminal, "dim", `also: ${question}`)}\n`);
  terminal.err(`${paint(terminal, "dim", `continue with --previous ${response.id}`)}\n`);
}
