import { describe, expect, it } from "vitest";
import { checkCitations, markers } from "../../grounding/check-citations.ts";
import { findConflicts } from "../../grounding/find-conflicts.ts";
import type { Cell, EvidenceEntry } from "../../grounding/evidence.ts";

describe("checkCitations", () => {
  const citations = [
    { n: 1, evidence: "s1.e1" },
    { n: 2, evidence: "s2.e1" },
    { n: 3, evidence: "gone" },
  ];

  it("finds what dangles, what is unused and what was never cited", () => {
    const check = checkCitations("One two three [1]. Four five six [3][9].", citations, [
      "s1.e1",
      "s2.e1",
      "s3.e1",
    ]);
    expect(check.dangling).toEqual([3, 9]);
    expect(check.unused).toEqual([2]);
    expect(check.uncited).toEqual(["s2.e1", "s3.e1"]);
  });

  it("counts the statements that a marker covers", () => {
    const text =
      "## Sources\n\nThe first statement stands alone. The second one too.\n\n" +
      "Both sentences here. Are covered by this [1].\n\n- a list item cited [2]\n- a list item not cited\n\nShall I go on with it?";
    const check = checkCitations(text, citations, ["s1.e1", "s2.e1"]);
    expect([check.statements, check.covered]).toEqual([6, 3]);
  });

  it("lets a marker beside a table cover its rows", () => {
    const text =
      "By region [1]:\n\n| region name | mrr |\n|---|---|\n| North America | 12 |\n| Latin America | 3 |\n";
    const check = checkCitations(text, citations, ["s1.e1"]);
    expect([check.statements, check.covered]).toEqual([2, 2]);
  });

  it("opens lists and ranges up and leaves links alone", () => {
    expect(markers("a [1, 3] b [5-7] c [8](https://x.test)")).toEqual([1, 3, 5, 6, 7]);
  });
});

function table(id: string, backend: string, columns: string[], rows: Cell[][]): EvidenceEntry {
  const named = columns.map((name) => ({ name, type: "STRING" }));
  const evidence = {
    kind: "table" as const,
    title: id,
    columns: named,
    rows,
    row_count: rows.length,
    truncated: false,
  };
  return { id, backend, evidence };
}

describe("findConflicts", () => {
  const genie = table("s1.e1", "genie", ["customer", "MRR", "plan"], [["Acme", "120", "Pro"], ["Beta", "80", "Pro"]]); // prettier-ignore

  it("reports both sources where two backends give one measure of one thing differently", () => {
    const agent = table("s2.e1", "agent", ["customer", "mrr"], [["ACME", 125], ["Beta", 80.2]]); // prettier-ignore
    expect(findConflicts([genie, agent])).toEqual([
      {
        measure: "MRR",
        entity: "Acme",
        values: [
          { evidence: "s1.e1", backend: "genie", value: "120" },
          { evidence: "s2.e1", backend: "agent", value: 125 },
        ],
      },
    ]);
  });

  it("finds a disagreement with a single row", () => {
    const agent = table("s2.e1", "agent", ["customer", "plan"], [["Acme", "Basic"]]);
    expect(findConflicts([genie, agent]).map((c) => [c.entity, c.measure])).toEqual([["Acme", "plan"]]);
  });

  it("sets two questions to one backend never against each other", () => {
    const later = table("s2.e1", "genie", ["customer", "MRR"], [["Acme", "999"], ["Beta", "1"]]); // prettier-ignore
    expect(findConflicts([genie, later])).toEqual([]);
  });

  it("takes a value within the coarser one's rounding for the same", () => {
    const exact = table("s1.e1", "genie", ["customer", "mrr"], [["Acme", 120.44], ["Beta", 1]]); // prettier-ignore
    const rounded = table("s2.e1", "agent", ["customer", "mrr"], [["Acme", 120], ["Beta", 1]]); // prettier-ignore
    expect(findConflicts([exact, rounded])).toEqual([]);
  });
});
