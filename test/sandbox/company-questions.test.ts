import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Company, GenieReply } from "../../sandbox/company/contract.ts";
import { openCompany } from "./company-fixture.ts";

/** Questions in the words of many people, each with SQL for what it asks, or with how it has to end otherwise. */
const asked = z.strictObject({
  question: z.string(),
  /** Earlier questions of the same conversation. */
  before: z.array(z.string()).default([]),
  sql: z.string().optional(),
  /** `noted`: the reply names a word that it had no use for, or is no answer. */
  outcome: z.enum(["cannot", "clarify", "noted"]).optional(),
});

const QUESTIONS = readFileSync(new URL("genie-questions.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => asked.parse(JSON.parse(line)));

type Row = (string | null)[];

const NOTE = "Not taken into account";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const named = (entries: typeof QUESTIONS) =>
  entries.map((entry) => [[...entry.before, entry.question].join(" → "), entry] as const);

async function ask(id: string, { before, question }: (typeof QUESTIONS)[number]): Promise<GenieReply> {
  for (const earlier of before) await company.genie.ask(id, earlier);
  return company.genie.ask(id, question);
}

describe("what the Genie space makes of people's own words", () => {
  it.each(named(QUESTIONS.filter(({ sql }) => sql !== undefined)))("answers %s", async (id, entry) => {
    const sql = entry.sql ?? "";
    expect(problem(await ask(id, entry), (await company.sql(sql)).rows, sql)).toBeNull();
  });

  it.each(named(QUESTIONS.filter(({ outcome }) => outcome === "noted")))("names what it left out of %s", async (id, entry) => {
    const reply = await ask(id, entry);
    expect(reply.outcome === "answer" ? reply.text : NOTE).toContain(NOTE);
  });

  it.each(named(QUESTIONS.filter(({ outcome }) => outcome === "cannot" || outcome === "clarify")))("gives no figures for %s", async (id, entry) => {
    expect(await ask(id, entry)).toMatchObject({ outcome: entry.outcome });
  });
}); // prettier-ignore

/** Restrictions, each with what shows in the statement that it was kept, and with the questions that speak of it already. */
const RESTRICTIONS = [
  { words: "without an executive sponsor", sign: /executive_sponsor/, isTaken: /sponsor/i },
  { words: "excluding Banking", sign: /'Banking'/, isTaken: /bank|industr|healthcare|retail|insur|telecom|public sector/i },
  { words: "with more than 3 open tickets", sign: /> 3\b/, isTaken: /ticket|more than|over |at least/i },
] as const; // prettier-ignore

describe("a word more in a question", () => {
  const whole = QUESTIONS.filter(({ sql, before }) => sql !== undefined && before.length === 0);

  it("is kept as a restriction, or named as left out", async () => {
    const lost: string[] = [];
    for (const [i, { question }] of whole.entries()) {
      const { words, sign, isTaken } = RESTRICTIONS[i % RESTRICTIONS.length] ?? RESTRICTIONS[0];
      // A customer that is named needs no restriction.
      if (isTaken.test(question) || / (?:Press|Grid|Capital|Market)\b/.test(question)) continue;
      const longer = `${question.replace(/[?.]\s*$/, "")} ${words}`;
      const { outcome, text, query } = await company.genie.ask(longer, longer);
      if (outcome === "answer" && !sign.test(query?.sql ?? "") && !text.includes(NOTE)) lost.push(longer);
    }
    expect(lost).toEqual([]);
  });

  it("is named where it means nothing", async () => {
    const lost: string[] = [];
    for (const { question } of whole) {
      const longer = question.replace(/\b(?:customers?|accounts?|tickets?|invoices?|MRR|revenue|seats|clients?)\b/i, "refurbished $&");
      const { outcome, text } = await company.genie.ask(longer, longer);
      if (longer !== question && outcome === "answer" && !text.includes("refurbished")) lost.push(longer);
    }
    expect(lost).toEqual([]);
  });
}); // prettier-ignore

/** Every true row is a row of the reply, which may have more columns; after the first of groups the others may follow. */
function problem(reply: GenieReply, truth: Row[], sql: string): string | null {
  const rows = reply.query?.result.rows ?? [];
  const isFirstOfGroups = sql.endsWith(" LIMIT 1") && !/\bname\b/.test(sql);
  const compared = isFirstOfGroups ? rows.slice(0, 1) : rows;
  const missing = truth.find((wanted) => !compared.some((row) => holds(row, wanted)));
  if (reply.text.includes(NOTE)) return reply.text;
  if (missing) return `${JSON.stringify(missing)} is not in ${JSON.stringify(rows.slice(0, 5))}`;
  const isCut = isFirstOfGroups || reply.query?.truncated === true;
  return isCut || rows.length === truth.length ? null : `${rows.length} rows in place of ${truth.length}`;
}

function holds(row: Row, wanted: Row): boolean {
  return wanted.every((cell) => row.some((own) => isSame(own, cell)));
}

/** Equal text, or numbers that agree at the decimals of the shorter one. */
function isSame(own: string | null, wanted: string | null): boolean {
  if (own === wanted) return true;
  if (own === null || wanted === null || !isNumber(own) || !isNumber(wanted)) return false;
  const decimals = Math.min(...[own, wanted].map((cell) => cell.split(".")[1]?.length ?? 0));
  return Math.abs(Number(own) - Number(wanted)) <= 0.51 * 10 ** -decimals && (decimals > 0 || Math.round(Number(own)) === Math.round(Number(wanted)));
} // prettier-ignore

function isNumber(cell: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(cell);
}
