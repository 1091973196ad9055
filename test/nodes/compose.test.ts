import { describe, expect, it } from "vitest";
import type { Evidence } from "../../backends/backend.ts";
import { compose } from "../../nodes/compose.ts";
import { citationsIn, numberSources } from "../../nodes/sources.ts";
import type { EvidenceRef } from "../../nodes/state.ts";
import { findingOf } from "./plan-double.ts";

const document: Evidence = {
  kind: "document",
  title: "Playbook",
  url: "https://d/p",
  text: "Call the sponsor within five days.",
};
const table: Evidence = {
  kind: "table",
  title: "MRR",
  columns: [{ name: "region", type: "STRING" }, { name: "mrr", type: "DOUBLE" }],
  rows: [["EMEA", 12.5], ["A|B", null]],
  row_count: 30,
  truncated: true,
}; // prettier-ignore

function reference(id: string, hash: string, kind: "document" | "table"): EvidenceRef {
  return { id, hash, kind, title: id, url: "https://d/x", preview: "" };
}

describe("compose", () => {
  it("gives each of several findings a section, marks the backed paragraph and numbers the table", () => {
    const findings = [
      findingOf({
        step: "s1",
        backend: "policy_assistant",
        text: "The playbook says to call the sponsor within five days.\n\nNothing else applies.",
        evidence: [reference("s1.e1", "h1", "document")],
      }),
      findingOf({
        step: "s2",
        backend: "revenue_genie",
        text: "MRR by region.",
        evidence: [reference("s2.e1", "h2", "table")],
      }),
    ];
    const sources = numberSources(findings);
    const text = compose({ findings, sources, evidence: new Map<string, Evidence>([["h1", document], ["h2", table]]) }).join(""); // prettier-ignore
    expect(text).toBe(
      [
        "### Policy assistant",
        "The playbook says to call the sponsor within five days. [1]",
        "Nothing else applies.",
        "### Revenue genie",
        "MRR by region.",
        "**MRR** [2]",
        "| region | mrr |\n| --- | --- |\n| EMEA | 12.5 |\n| A\\|B | – |\n\n28 more rows in the source.",
      ].join("\n\n"),
    );
    expect(citationsIn(text, sources).map(({ n, evidence, spans }) => [n, evidence, spans.map((s) => text.slice(s.start, s.end))])).toEqual([
      [1, "s1.e1", ["[1]"]],
      [2, "s2.e1", ["[2]"]],
    ]); // prettier-ignore
  });

  it("leaves out a table whose rows the text already names, and marks the text instead", () => {
    const text = "MRR: EMEA 12.5 and A|B nothing.";
    const findings = [
      findingOf({ step: "s1", backend: "g", text, evidence: [reference("s1.e1", "h2", "table")] }),
    ];
    const composed = compose({
      findings,
      sources: numberSources(findings),
      evidence: new Map([["h2", table]]),
    }).join("");
    expect(composed).toBe(`${text} [1]`);
  });

  it("names every backend that gave no answer, with the reason", () => {
    const findings = [
      findingOf({ step: "s1", backend: "churn_model", text: "Acme." }),
      findingOf({ step: "s2", backend: "revenue_genie", status: "failed", error: { code: "timeout", message: "It did not answer in time.", status: null } }),
    ]; // prettier-ignore
    const text = compose({ findings, sources: [], evidence: new Map() }).join("");
    expect(text).toBe("Acme.\n\n**What is missing**\n\n- Revenue genie: It did not answer in time.");
  });

  it("keeps the names of columns from being rows, markup or citations", () => {
    const names = {
      ...table,
      columns: [{ name: "a|b\n\n# Hi [1] ![x](//e)<b>", type: "" }],
      rows: [[1]],
      row_count: 1,
    };
    const findings = [
      findingOf({ step: "s1", backend: "genie", evidence: [reference("s1.e1", "h", "table")] }),
    ];
    const text = compose({ findings, sources: numberSources(findings), evidence: new Map([["h", names]]) }).join(""); // prettier-ignore
    expect(text).toContain("| a\\|b # Hi x |\n| --- |\n| 1 |");
  });

  it("passes on no link, image, HTML or foreign footnote of a backend", () => {
    const findings = [
      findingOf({ step: "s1", backend: "a", text: "See [here](https://evil) ![x](https://evil/p.png)<script>alert(1)</script> now[^2] and [7]." }),
    ]; // prettier-ignore
    expect(compose({ findings, sources: [], evidence: new Map() }).join("")).toBe(
      "See here xalert(1) now and .",
    );
  });
});
