import { describe, expect, it } from "vitest";
import { parseArithmetic } from "../../grounding/arithmetic.ts";
import { evaluateArithmetic } from "../../grounding/evaluate-arithmetic.ts";
import { resolveReference } from "../../grounding/resolve-reference.ts";
import type { EvidenceEntry } from "../../grounding/evidence.ts";

const ENTRY: EvidenceEntry = {
  id: "s1.e1",
  evidence: {
    kind: "table",
    title: "By region",
    columns: [
      { name: "region", type: "STRING" },
      { name: "Total MRR", type: "DECIMAL" },
      { name: "customers", type: "LONG" },
    ],
    rows: [
      ["EMEA", "120.5", 10],
      ["APAC", "80", 5],
      ["LATAM", "40", 2],
    ],
    row_count: 3,
    truncated: false,
  },
};

function compute(text: string): number | string {
  const parsed = parseArithmetic(text);
  if ("problem" in parsed) return parsed.problem;
  const result = evaluateArithmetic(parsed.tree, {
    reference: (name) => resolveReference(name, [ENTRY]),
    literal: (value) => [2, 3, 100].includes(value),
  });
  return "problem" in result ? result.problem : result.value;
}

describe("derivations", () => {
  it.each([
    ["2 + 3 * 2", 8],
    ["(2 + 3) * 2", 10],
    ["-2 - -3", 1],
    ["3 / 2 / 2", 0.75],
    ["s1.e1.r1.total_mrr - s1.e1.r2.total_mrr", 40.5],
    ["(s1.e1.r1.c2 − s1.e1.r2.c2) ÷ s1.e1.r2.c2 × 100", 50.625],
    ["sum(s1.e1.total_mrr)", 240.5],
    ["sum(s1.e1.r1:r2.customers)", 15],
    ["avg(s1.e1.customers, 3)", 5],
    ["max(s1.e1.customers) - min(s1.e1.customers)", 8],
    ["count(s1.e1.customers)", 3],
    ["round(s1.e1.r1.total_mrr / s1.e1.r1.customers, 2)", 12.05],
    ["100 %", 1],
  ])("computes %s", (text, value) => {
    expect(compute(text)).toBeCloseTo(value, 9);
  });

  it.each([
    ["7 + 2", "7 does not stand in the evidence."],
    ["s1.e1.r4.customers", 'The evidence has no "s1.e1.r4.customers".'],
    ["s1.e1.r1.profit", 'The evidence has no "s1.e1.r1.profit".'],
    ["s1.e1.r1.region", 'The evidence has no "s1.e1.r1.region".'],
    ["s9.e1.r1.customers", 'The evidence has no "s9.e1.r1.customers".'],
    ["s1.e1.customers + 2", "A column stands where one value is needed."],
    ["2 / (3 - 3)", "The derivation has no finite value."],
    ["(2 + 3", "A parenthesis is not closed."],
    ["2 3", '"3" was not expected there.'],
    ["2 +", "The derivation ends too early."],
    ["process.exit(2)", 'There is no function "process.exit".'],
    ["2; 3", '"2; 3" is not arithmetic.'],
    ["", '"" is not arithmetic.'],
  ])("refuses %s", (text, problem) => {
    expect(compute(text)).toBe(problem);
  });

  it("refuses what is nested too deeply", () => {
    expect(compute(`${"(".repeat(100)}2${")".repeat(100)}`)).toBe("The derivation is nested too deeply.");
  });
});
