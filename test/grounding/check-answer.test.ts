import { describe, expect, it } from "vitest";
import { checkAnswer, type AnswerToCheck } from "../../grounding/check-answer.ts";
import type { EvidenceEntry } from "../../grounding/evidence.ts";

const REGIONS: EvidenceEntry = {
  id: "s1.e1",
  backend: "revenue_genie",
  evidence: {
    kind: "table",
    title: "Revenue by region",
    columns: ["region", "mrr", "open_tickets", "churn_rate"].map((name) => ({ name, type: "STRING" })),
    rows: [
      ["EMEA", "120500.40", "31", "0.042"],
      ["APAC", "80200.10", "12", "0.061"],
      ["LATAM", "40100.00", "7", "-0.015"],
    ],
    row_count: 3,
    truncated: false,
  },
};

const POLICY: EvidenceEntry = {
  id: "s2.e1",
  backend: "policy_assistant",
  evidence: {
    kind: "document",
    title: "Refunds",
    text: "Refunds are possible within thirty days. The fee is $40.",
  },
};

function verdicts(text: string, more: Partial<AnswerToCheck> = {}) {
  const answer = { text, citations: [], claims: [], evidence: [REGIONS, POLICY], question: "", ...more };
  return checkAnswer(answer).numbers.map((n) => `${n.text}: ${n.verdict}`);
}

describe("checkAnswer", () => {
  it.each([
    ["EMEA brings in $120,500.", ["$120,500: verbatim"]],
    ["EMEA brings in $120.5k, APAC 80 thousand.", ["$120.5k: verbatim", "80 thousand: verbatim"]],
    ["Churn in APAC is 6.1 %.", ["6.1 %: verbatim"]],
    ["Churn in LATAM fell by 1.5 %.", ["1.5 %: verbatim"]],
    ["Refunds are possible within 30 days.", ["30 days: verbatim"]],
    ["EMEA and APAC have 31 and 12 open tickets, respectively.", ["31: verbatim", "12: verbatim"]],
    ["Together the regions have 50 open tickets.", ["50: implied"]],
    ["There are 3 regions.", ["3: implied"]],
    ["EMEA leads; 2 more rows are in the source.", ["2: implied"]],
    ["As of 30 June 2025 (Q2), ticket T-55 and section 4.2 matter [1].", []],
  ])("confirms: %s", (text, expected) => {
    expect(verdicts(text)).toEqual(expected.map((e) => e.replace("30 days", "30")));
  });

  it.each([
    ["EMEA brings in $120,600.", ["$120,600: unsupported"]],
    ["EMEA has 12 open tickets and APAC has 31.", ["12: misplaced", "31: misplaced"]],
    ["EMEA and APAC have 12 and 31 open tickets, respectively.", ["12: misplaced", "31: misplaced"]],
    ["Together the regions have 51 open tickets.", ["51: unsupported"]],
    ["Refunds are possible within 40 days.", ["40: unsupported"]],
    ["| Region | open tickets |\n|---|---|\n| APAC | 31 |", ["31: misplaced"]],
    ["- **APAC**\n  - open tickets: 31", ["31: misplaced"]],
  ])("does not confirm: %s", (text, expected) => {
    expect(verdicts(text)).toEqual(expected);
  });

  it("accepts the user's own numbers", () => {
    expect(
      verdicts("You asked for more than 25 tickets.", { question: "Who has more than 25 tickets?" }),
    ).toEqual(["25: question"]);
  });

  it("recomputes a declared derivation", () => {
    const calc = "(s1.e1.r1.mrr - s1.e1.r2.mrr) / s1.e1.r2.mrr * 100";
    const claims = [{ text: "", value: 50.2, evidence: ["s1.e1"], calc }];
    expect(verdicts("EMEA lies 50.2 % above APAC.", { claims })).toEqual(["50.2 %: derived"]);
  });

  it("flags a derivation that comes to something else, in the number and in the claim", () => {
    const claims = [
      { text: "", value: 45, evidence: ["s1.e1"], calc: "s1.e1.r1.open_tickets + s1.e1.r2.open_tickets" },
    ];
    const answer = {
      text: "Both have 45 tickets.",
      citations: [],
      claims,
      evidence: [REGIONS],
      question: "",
    };
    const verification = checkAnswer(answer);
    expect(verification.numbers[0]?.note).toBe(
      "s1.e1.r1.open_tickets + s1.e1.r2.open_tickets comes to 43, not 45.",
    );
    expect(verification.claims).toEqual([{ claim: 0, ok: false, note: verification.numbers[0]?.note }]);
    expect(verification.ok).toBe(false);
  });

  it("flags a claim on evidence that does not exist", () => {
    const claims = [{ text: "x", evidence: ["s7.e1"] }];
    const verification = checkAnswer({ text: "x", citations: [], claims, evidence: [REGIONS], question: "" });
    expect(verification.claims).toEqual([{ claim: 0, ok: false, note: 'There is no evidence "s7.e1".' }]);
  });
});
