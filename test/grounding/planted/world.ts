/** Made-up evidence: tables of customers, regions and months, and a policy with numbers in it. */
import type { EvidenceEntry, TableEvidence } from "../../../grounding/evidence.ts";
import type { Random } from "./random.ts";

const FIRST = ["Northwind", "Blue Harbor", "Kestrel", "Summit", "Alder", "Brightwater", "Copper Ridge", "Delta", "Evergreen", "Foxglove", "Granite", "Hazel", "Ironwood", "Juniper", "Lakeside", "Meridian"]; // prettier-ignore
const LAST = ["Logistics", "Foods", "Systems", "Health Group", "Retail", "Energy", "Labs", "Insurance", "and Sons", "Media"]; // prettier-ignore
const REGIONS = ["EMEA", "North America", "APAC", "LATAM"];
const SEGMENTS = ["Enterprise", "Mid-Market", "SMB"];

export type Kind = "money" | "count" | "share" | "days";

/** One measure of a table, with the words that prose uses for it. */
export interface Measure {
  index: number;
  name: string;
  kind: Kind;
}

export interface World {
  table: TableEvidence;
  measures: Measure[];
  entry: EvidenceEntry;
}

const MEASURES: { name: string; kind: Kind; words: string; draw: (r: Random) => number }[] = [
  { name: "mrr", kind: "money", words: "MRR", draw: (r) => r.int(90_000, 9_900_000) / 100 },
  { name: "open_tickets", kind: "count", words: "open tickets", draw: (r) => r.int(0, 60) },
  { name: "active_users", kind: "count", words: "active users", draw: (r) => r.int(50, 4_000) },
  {
    name: "churn_probability",
    kind: "share",
    words: "churn probability",
    draw: (r) => r.int(300, 9_700) / 10_000,
  },
  { name: "days_overdue", kind: "days", words: "days overdue", draw: (r) => r.int(1, 120) },
  {
    name: "invoiced",
    kind: "money",
    words: "invoiced amount",
    draw: (r) => r.int(10_000, 500_000_000) / 100,
  },
];

export function wordsOf(measure: Measure): string {
  return MEASURES.find((m) => m.name === measure.name)?.words ?? measure.name;
}

/** A table of 3 to 12 rows with two or three measures; numbers as text in a third of them, as SQL returns them. */
export function createWorld(random: Random): World {
  const labels = random.pick([customers, regions, months])(random);
  const chosen = random.sample(MEASURES, random.int(2, 3));
  const attribute = random.next() < 0.5;
  const asText = random.next() < 0.33;
  const offset = attribute ? 2 : 1;
  const rows = labels.values.map((label) => {
    const numbers = chosen.map((m) => m.draw(random));
    return [
      label,
      ...(attribute ? [random.pick(SEGMENTS)] : []),
      ...numbers.map((n) => (asText ? String(n) : n)),
    ];
  });
  const table: TableEvidence = {
    kind: "table",
    title: `${labels.name}s and their figures`,
    columns: [labels.name, ...(attribute ? ["segment"] : []), ...chosen.map((m) => m.name)].map((name) => ({ name, type: "STRING" })), // prettier-ignore
    rows,
    row_count: rows.length,
    truncated: false,
  };
  const measures = chosen.map(({ name, kind }, i) => ({ index: offset + i, name, kind }));
  return { table, measures, entry: { id: "s1.e1", evidence: table, backend: "revenue_genie" } };
}

function customers(random: Random) {
  const names = random.sample(FIRST, random.int(3, 12)).map((first) => `${first} ${random.pick(LAST)}`);
  return { name: "customer", values: names };
}

function regions() {
  return { name: "region", values: REGIONS };
}

function months(random: Random) {
  const from = random.int(1, 6);
  const values = Array.from(
    { length: random.int(3, 6) },
    (_, i) => `2025-${String(from + i).padStart(2, "0")}-01`,
  );
  return { name: "month", values };
}

export const POLICY: EvidenceEntry = {
  id: "s2.e1",
  backend: "policy_assistant",
  evidence: {
    kind: "document",
    title: "Discounts and credits",
    text:
      "Refunds are possible within thirty days of purchase. Account executives approve discounts up to 10%, " +
      "managers up to 20% and directors up to 35%. Service credits are 5% of the monthly fee per hour of outage, at most 25%. " +
      "Invoices that are 45 days late are passed to collections; a fee of $40 applies. Contracts renew for 12 months.",
  },
};
