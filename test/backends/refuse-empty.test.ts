import { describe, expect, it } from "vitest";
import type { AnswerDraft } from "../../backends/answer-draft.ts";
import { refuseEmpty } from "../../backends/refuse-empty.ts";

const draft = (more: Partial<AnswerDraft>): AnswerDraft => ({ text: "", evidence: [], payload: {}, ...more });
const table = (rows: string[][]) => ({
  kind: "table" as const,
  title: "t",
  columns: [{ name: "mrr", type: "DOUBLE" }],
  rows,
  row_count: rows.length,
  truncated: false,
});

describe("an answer without words and rows", () => {
  it.each([
    ["nothing", {}],
    ["white space", { text: " \n" }],
    ["documents alone", { evidence: [{ kind: "document" as const, title: "d", text: "passage" }] }],
    ["a table without rows", { evidence: [table([])] }],
  ])("of %s is a failure that says so", (_, more) => {
    expect(() => refuseEmpty("docs", draft(more))).toThrow(
      "docs could not answer the question: its answer was empty, rephrase the question or look into its own trace.",
    );
  });

  it.each([
    ["words", { text: "Yes." }],
    ["rows", { evidence: [table([["1"]])] }],
    ["a question back", { clarification: { question: "Which?", options: [] } }],
  ])("is an answer with %s", (_, more) => {
    expect(() => refuseEmpty("docs", draft(more))).not.toThrow();
  });
});
