/** The rules of retention, read from the documents that state them. */
import type { Library, Section } from "../knowledge/library.ts";
import { readMarkdownTable } from "../knowledge/markdown-table.ts";

export interface Play {
  driver: string;
  name: string;
  owner: string;
  steps: string[];
  /** US dollars per account, by segment. */
  cost: Record<string, number>;
  /** Share of the MRR at risk that the play keeps. */
  save_rate: number;
}

export interface Playbook {
  plays: ReadonlyMap<string, Play>;
  /** Largest discount in percent and its term in months, by segment. */
  discounts: ReadonlyMap<string, { limit: number; months: number }>;
  discount_approvers: Approver[];
  plan_approvers: Approver[];
  /** Where the rules stand. */
  sources: Section[];
}

export interface Approver {
  up_to: number;
  who: string;
}

/** Throws when a document lost a section that the rules stand in. */
export function readPlaybook(library: Library): Playbook {
  const section = (id: string) => {
    const found = library.sections.find((s) => s.id === id);
    if (!found) throw new Error(`the documents lack ${id}`);
    return found;
  };
  const plays = section("retention-playbook.md#plays-by-churn-driver");
  const planApproval = section("retention-playbook.md#approval-of-plans");
  const limits = section("discount-policy.md#limits-by-segment");
  const discountApproval = section("discount-policy.md#approval-of-discounts");
  return {
    plays: new Map(readMarkdownTable(plays.text).map((row) => [row["Driver"] ?? "", playOf(row)])),
    discounts: new Map(
      readMarkdownTable(limits.text).map((row) => [
        row["Segment"] ?? "",
        { limit: parseFloat(row["Largest discount"] ?? ""), months: Number(row["Term in months"]) },
      ]),
    ),
    discount_approvers: approversOf(discountApproval, "Discount up to"),
    plan_approvers: approversOf(planApproval, "Total cost up to"),
    sources: [plays, section("retention-playbook.md#choosing-plays"), limits],
  };
}

function playOf(row: Record<string, string>): Play {
  const segments = ["Enterprise", "Mid-Market", "Small Business"];
  return {
    driver: row["Driver"] ?? "",
    name: row["Play"] ?? "",
    owner: row["Owner"] ?? "",
    steps: (row["Steps"] ?? "").split(";").map((step) => step.trim()),
    cost: Object.fromEntries(segments.map((segment) => [segment, Number(row[segment])])),
    save_rate: parseFloat(row["Save rate"] ?? "") / 100,
  };
}

function approversOf(section: Section, column: string): Approver[] {
  return readMarkdownTable(section.text).map((row) => {
    const limit = parseFloat(row[column] ?? "");
    return { up_to: Number.isNaN(limit) ? Infinity : limit, who: row["Approver"] ?? "" };
  });
}
