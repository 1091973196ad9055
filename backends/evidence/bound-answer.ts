/** Caps on what one answer may carry, whatever its backend sends. */
import type { BackendAnswer, Cell, Evidence } from "../backend.ts";

const MAX_TEXT = 200_000;
const MAX_PASSAGE = 20_000;
const MAX_TITLE = 300;
const MAX_CELL = 2_000;
const MAX_COLUMNS = 100;
const MAX_EVIDENCE = 50;
const MAX_SUGGESTIONS = 10;
const MAX_ROWS = 5_000;

export function boundAnswer(answer: BackendAnswer): BackendAnswer {
  return {
    ...answer,
    text: cut(answer.text, MAX_TEXT),
    evidence: answer.evidence.slice(0, MAX_EVIDENCE).map(boundEvidence),
    suggested_questions: boundList(answer.suggested_questions),
    ...(answer.clarification !== undefined && {
      clarification: {
        question: cut(answer.clarification.question, MAX_PASSAGE),
        options: boundList(answer.clarification.options),
      },
    }),
  };
}

function boundList(texts: string[]): string[] {
  return texts.slice(0, MAX_SUGGESTIONS).map((text) => cut(text, MAX_TITLE));
}

function boundEvidence(evidence: Evidence): Evidence {
  const title = cut(evidence.title, MAX_TITLE);
  if (evidence.kind !== "table") return { ...evidence, title, text: cut(evidence.text, MAX_PASSAGE) };
  const rows = evidence.rows.slice(0, MAX_ROWS).map((row) => row.slice(0, MAX_COLUMNS).map(boundCell));
  return {
    ...evidence,
    title,
    sql: evidence.sql === undefined ? undefined : cut(evidence.sql, MAX_PASSAGE),
    description: evidence.description === undefined ? undefined : cut(evidence.description, MAX_PASSAGE),
    columns: evidence.columns
      .slice(0, MAX_COLUMNS)
      .map(({ name, type }) => ({ name: cut(name, MAX_TITLE), type: cut(type, MAX_TITLE) })),
    rows,
    truncated: evidence.truncated || rows.length < evidence.rows.length,
  };
}

function boundCell(cell: Cell): Cell {
  return typeof cell === "string" ? cut(cell, MAX_CELL) : cell;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
