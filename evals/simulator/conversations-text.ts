/** Conversations as Markdown: how each ended, and where it went turn by turn. */
import type { Conversation } from "./simulate.ts";

const ENDED: Record<Conversation["ended"], string> = {
  goal: "the user had what they wanted",
  turns: "all turns were used",
  no_answer: "the server gave no answer",
  user_model: "the model that plays the user failed",
};

export function conversationsText(conversations: readonly Conversation[]): string {
  const rows = conversations.map(({ id, turns, ended, error }) => {
    const seconds = turns.reduce((sum, { latency_ms }) => sum + latency_ms, 0) / 1_000;
    const asked = turns.map(({ backends }) => backends.join(" + ") || "none").join(", ");
    const how = error === null ? ENDED[ended] : `${ENDED[ended]} (${error})`;
    return `| ${[id, `${turns.length}`, asked, seconds.toFixed(1), how].join(" | ")} |`;
  });
  return [
    "# Conversations",
    "",
    "| Scenario | Turns | Backends turn by turn | Seconds | How it ended |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
