/** What a thread remembers of a finished turn: a bounded window, and one line for what left it. Pure. */
import type { State, Update } from "./channels.ts";
import type { Finding, Message } from "./state.ts";

const MESSAGE_CHARS = 4_000;
const SUMMARY_CHARS = 2_000;

type Read = Pick<State, "question" | "history" | "summary" | "plan">;

export function remember(state: Read, answer: string, findings: Finding[], turns: number): Update {
  const all: Message[] = [
    ...state.history,
    { role: "user", content: state.question.slice(0, MESSAGE_CHARS) },
    { role: "assistant", content: answer.slice(0, MESSAGE_CHARS) },
  ];
  const keep = turns * 2;
  const left = all.slice(0, Math.max(0, all.length - keep));
  return {
    history: keep === 0 ? [] : all.slice(-keep),
    summary: summarized(state.summary, left),
    previous: {
      question: state.question,
      plan: state.plan,
      backends_ok: findings
        .filter((finding) => finding.status === "ok" || finding.status === "clarify")
        .map((finding) => finding.backend),
    },
  };
}

/** Questions say best what a conversation was about; the oldest ones give way first. */
function summarized(summary: string, left: Message[]): string {
  const questions = left
    .filter((message) => message.role === "user")
    .map((message) => firstSentence(message.content));
  return [summary, ...questions].filter(Boolean).join(" ").slice(-SUMMARY_CHARS);
}

function firstSentence(text: string): string {
  const end = /[.?!](\s|$)/.exec(text);
  return (end === null ? text : text.slice(0, end.index + 1)).slice(0, 200);
}
