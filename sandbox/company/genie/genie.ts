/** The Genie space: questions to SQL by the semantic layer, with the last query of each conversation kept. */
import type { GeniePart, GenieReply, SqlResult } from "../contract.ts";
import type { Directory } from "../directory.ts";
import { compile } from "./compile.ts";
import { readQuestion } from "./read-question.ts";
import { interpret, type Remembered } from "./interpret.ts";
import { caveats, refusal, withoutForecast } from "./refusals.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { STARTERS, suggestionsFor } from "./suggestions.ts";
import { summaryOf, titleOf } from "./summary.ts";
import { createTermReader } from "./terms.ts";

const SHOWN_ROWS = 200;
const KEPT_CONVERSATIONS = 10_000;

export type RunSql = (sql: string) => Promise<SqlResult>;

export function createGenie(run: RunSql, directory: Directory): GeniePart {
  const readTerms = createTermReader(directory);
  const conversations = new Map<string, Remembered>();
  return {
    title: "Quillhaven Revenue & Customers",
    description:
      "Customers, subscriptions (MRR, churn), product usage, invoices and support tickets of Quillhaven, " +
      "October 2024 to September 2026, by customer, segment, region, country, industry, plan and account owner.",
    async ask(conversationId, question) {
      const { terms, slips } = readTerms(withoutForecast(question));
      const draft = { ...readQuestion(terms), slips };
      const refused = refusal(question, draft, directory);
      if (refused !== null) return plain("cannot", refused);
      try {
        const reading = interpret(draft, conversations.get(conversationId) ?? null);
        if ("clarify" in reading) return plain("clarify", reading.clarify);
        const { reply, customers } = await answer(reading.spec, run);
        reply.text = [reply.text, caveats(question, draft, reading.spec)].filter(Boolean).join("\n");
        remember(conversations, conversationId, { spec: reading.spec, customers });
        return reply;
      } catch (error) {
        if (error instanceof Unanswerable) return plain("cannot", error.message);
        const message = error instanceof Error ? error.message : String(error);
        return { ...plain("failed", ""), error: { type: "SQL_EXECUTION_EXCEPTION", message } };
      }
    },
  };
}

async function answer(spec: Spec, run: RunSql): Promise<{ reply: GenieReply; customers: string[] }> {
  const { sql, columns } = compile(spec);
  const result = await run(sql);
  const rows = result.rows.slice(0, SHOWN_ROWS);
  const nameColumn = result.columns.findIndex((c) => c.name === "customer");
  const reply: GenieReply = {
    outcome: "answer",
    text: summaryOf(spec, columns, result),
    query: {
      sql,
      title: titleOf(spec),
      description: `${titleOf(spec)}.`,
      result: { columns: result.columns, rows },
      row_count: result.rows.length,
      truncated: result.rows.length > SHOWN_ROWS,
    },
    suggested_questions: suggestionsFor(spec),
  };
  return { reply, customers: nameColumn < 0 ? [] : rows.map((row) => row[nameColumn] ?? "") };
}

function plain(outcome: "clarify" | "cannot" | "failed", text: string): GenieReply {
  return { outcome, text, suggested_questions: [...STARTERS] };
}

function remember(conversations: Map<string, Remembered>, id: string, value: Remembered): void {
  conversations.delete(id);
  conversations.set(id, value);
  const oldest = conversations.size > KEPT_CONVERSATIONS ? conversations.keys().next().value : undefined;
  if (oldest !== undefined) conversations.delete(oldest);
}
