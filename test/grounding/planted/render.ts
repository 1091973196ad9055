/** Writes true answers over a table in the ways in which models and composers write them. */
import { numericCell } from "../../../grounding/table-columns.ts";
import type { Claim } from "../../../grounding/claims.ts";
import type { Random } from "./random.ts";
import { wordsOf, type Kind, type Measure, type World } from "./world.ts";

/** A stated number; `row` is null for totals and derived values. */
export interface Stated {
  text: string;
  value: number;
  row: number | null;
  column: number;
  kind: Kind;
}

export type Part = string | Stated;

export interface Draft {
  style: string;
  parts: Part[];
  claims: Claim[];
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]; // prettier-ignore

export function labelOf(world: World, row: number): string {
  const cell = String(world.table.rows[row]?.[0]);
  const month = /^(\d{4})-(\d{2})/.exec(cell);
  return month ? `${MONTHS[Number(month[2]) - 1]} ${month[1]}` : cell;
}

export function cellValue(world: World, row: number, measure: Measure): number {
  return numericCell(world.table.rows[row]?.[measure.index]) ?? Number.NaN;
}

export function state(random: Random, world: World, row: number, measure: Measure): Stated {
  const value = cellValue(world, row, measure);
  return { text: format(random, value, measure.kind), value, row, column: measure.index, kind: measure.kind };
}

export function format(random: Random, value: number, kind: Kind): string {
  const grouped = (digits: number) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (kind === "share") return random.pick([`${(value * 100).toFixed(1)} %`, `${(value * 100).toFixed(1)}%`, value.toFixed(2), value.toFixed(3)]); // prettier-ignore
  if (kind !== "money") return grouped(0);
  const short = value >= 1e6 ? `$${(value / 1e6).toFixed(2)} million` : `$${(value / 1e3).toFixed(1)}k`;
  return random.pick([`$${grouped(2)}`, `$${grouped(0)}`, short, `${grouped(0)} USD`]);
}

type Style = (random: Random, world: World) => Draft;

const list: Style = (random, world) => {
  const [a, b] = world.measures;
  const parts: Part[] = ["As of 30 June 2025, these stand out [1]:\n\n"];
  for (const [row] of world.table.rows.entries()) {
    parts.push(`${row + 1}. **${labelOf(world, row)}**: ${wordsOf(a!)} of `, state(random, world, row, a!));
    parts.push(`, ${wordsOf(b!)} `, state(random, world, row, b!), ".\n");
  }
  return { style: "list", parts, claims: [] };
};

const nested: Style = (random, world) => {
  const parts: Part[] = ["## Details\n\n"];
  for (const [row] of world.table.rows.entries()) {
    parts.push(`- **${labelOf(world, row)}**\n`);
    for (const m of world.measures) parts.push(`  - ${wordsOf(m)}: `, state(random, world, row, m), " [1]\n");
  }
  return { style: "nested", parts, claims: [] };
};

const table: Style = (random, world) => {
  const head = world.measures.map(wordsOf).join(" | ");
  const parts: Part[] = [
    `The figures [1]:\n\n| Name | ${head} |\n|---|${"---|".repeat(world.measures.length)}\n`,
  ];
  for (const [row] of world.table.rows.entries()) {
    parts.push(`| ${labelOf(world, row)} |`);
    for (const m of world.measures) parts.push(" ", state(random, world, row, m), " |");
    parts.push("\n");
  }
  return { style: "table", parts, claims: [] };
};

const chain: Style = (random, world) => {
  const m = random.pick(world.measures);
  const [x, y, z] = random.sample([...world.table.rows.keys()], 3);
  const join = random.pick([", while ", " and ", "; ", ", whereas "]);
  const parts: Part[] = [
    `In the second quarter ${labelOf(world, x!)} stood at `,
    state(random, world, x!, m),
    join,
  ];
  parts.push(`${labelOf(world, y!)} had `, state(random, world, y!, m), ` ${wordsOf(m)} [1]. `);
  parts.push(`${labelOf(world, z!)} came to `, state(random, world, z!, m), " in Q2 2025 [1].");
  return { style: "chain", parts, claims: [] };
};

const numbersFirst: Style = (random, world) => {
  const m = random.pick(world.measures);
  const [x, y] = random.sample([...world.table.rows.keys()], 2);
  const parts: Part[] = ["For the question at hand the source gives "];
  parts.push(state(random, world, x!, m), ` for ${labelOf(world, x!)}, and `);
  parts.push(state(random, world, y!, m), ` for ${labelOf(world, y!)} [1].`);
  return { style: "numbers first", parts, claims: [] };
};

const respectively: Style = (random, world) => {
  const m = random.pick(world.measures);
  const [x, y] = random.sample([...world.table.rows.keys()], 2);
  const parts: Part[] = [
    `${labelOf(world, x!)} and ${labelOf(world, y!)} show `,
    state(random, world, x!, m),
  ];
  parts.push(" and ", state(random, world, y!, m), `, respectively [1].`);
  return { style: "respectively", parts, claims: [] };
};

const single: Style = (random, world) => {
  const [a, b] = world.measures;
  const row = random.int(0, world.table.rows.length - 1);
  const parts: Part[] = [
    `${labelOf(world, row)} has ${wordsOf(a!)} of `,
    state(random, world, row, a!),
    " [1]. ",
  ];
  parts.push(
    `Its ${wordsOf(b!)} is `,
    state(random, world, row, b!),
    ", see ticket T-1023 and section 4.2 of the 24/7 support terms.",
  );
  return { style: "single", parts, claims: [] };
};

const total: Style = (random, world) => {
  const m = world.measures.find(({ kind }) => kind !== "share") ?? world.measures[0]!;
  const values = world.table.rows.map((_, row) => cellValue(world, row, m));
  const sum = values.reduce((a, b) => a + b, 0);
  const mean = random.next() < 0.3;
  const value = mean ? sum / values.length : sum;
  const kind = m.kind === "share" ? "share" : "money";
  const stated: Stated = { text: format(random, value, kind), value, row: null, column: m.index, kind };
  const parts: Part[] = [
    mean ? `On average the ${wordsOf(m)} is ` : `Together they come to a total of `,
    stated,
    " [1].",
  ];
  return { style: mean ? "average" : "total", parts, claims: [] };
};

const declared: Style = (random, world) => {
  const m = world.measures.find(({ kind }) => kind !== "share") ?? world.measures[0]!;
  const [x, y] = random.sample([...world.table.rows.keys()], 2).sort((a, b) => cellValue(world, b, m) - cellValue(world, a, m)); // prettier-ignore
  const [p, q] = [cellValue(world, x!, m), cellValue(world, y!, m)];
  const ref = (row: number) => `s1.e1.r${row + 1}.${m.name}`;
  const ratio = random.next() < 0.5 && q !== 0;
  const value = ratio ? Number((((p - q) / q) * 100).toFixed(1)) : Number((p - q).toFixed(2));
  const stated: Stated = { text: ratio ? `${value.toFixed(1)} %` : value.toLocaleString("en-US", { minimumFractionDigits: 2 }), value, row: null, column: m.index, kind: "count" }; // prettier-ignore
  const calc = ratio ? `(${ref(x!)} - ${ref(y!)}) / ${ref(y!)} * 100` : `${ref(x!)} - ${ref(y!)}`;
  const parts: Part[] = [`${labelOf(world, x!)} lies `, stated, ` above ${labelOf(world, y!)} [1].`];
  return { style: "declared", parts, claims: [{ text: "", value, evidence: ["s1.e1"], calc }] };
};

const policy: Style = (random) => {
  const facts: [string, string, number, string][] = [
    ["Refunds are possible within ", "30", 30, " days of purchase [2]."],
    ["Directors may approve discounts of up to ", "35 %", 35, ", see page 3 of the policy [2]."],
    ["Service credits amount to ", "5%", 5, " of the fee per hour [2]."],
    ["From ", "45", 45, " days on, invoices go to collections [2]."],
    ["The late fee is ", "$40", 40, " since 2024 [2]."],
    ["Contracts renew for ", "12", 12, " months [2]."],
  ];
  const parts = random.sample(facts, 3).flatMap(([before, text, value, after]): Part[] => [before, { text, value, row: null, column: -1, kind: "count" }, `${after} `]); // prettier-ignore
  return { style: "policy", parts, claims: [] };
};

export const STYLES: readonly Style[] = [
  list, nested, table, chain, numbersFirst, respectively, single, total, declared, policy,
]; // prettier-ignore
