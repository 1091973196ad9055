import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DATASETS, readDataset, turnsOf } from "../../evals/case.ts";
import { OTHER_EXAMPLES } from "../../routing/other-examples.ts";

const CASES = readDataset("evals/datasets/routing.jsonl");

describe("the routing dataset", () => {
  it("holds at least 220 cases over every category", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(220);
    expect([...new Set(CASES.map((c) => c.category))].sort()).toEqual(
      ["ambiguous", "follow-up", "out-of-scope", "parallel", "sequential", "single", "small-talk"],
    ); // prettier-ignore
  });

  it("names every case and asks every question once", () => {
    expect(new Set(CASES.map((c) => c.id)).size).toBe(CASES.length);
    expect(new Set(CASES.map((c) => turnsOf(c).join("\n"))).size).toBe(CASES.length);
  });

  it("sets whole clusters aside by their hash, about a third of the cases", () => {
    const heldout = (cluster: string) =>
      BigInt(`0x${createHash("sha256").update(`d${cluster}`).digest("hex")}`) % 3n === 0n;
    expect(CASES.filter((c) => (c.split === "heldout") !== heldout(c.cluster))).toEqual([]);
    const share = CASES.filter((c) => c.split === "heldout").length / CASES.length;
    expect(share).toBeGreaterThan(0.28);
    expect(share).toBeLessThan(0.4);
  });

  it("expects only backends of the sandbox's configuration, and orders only between them", () => {
    const config = parse(readFileSync("config/sandbox.yaml", "utf8")) as { backends: { name: string }[] };
    const names = new Set(config.backends.map((backend) => backend.name));
    for (const { expect: wanted } of CASES) {
      expect(wanted.backends.filter((b) => !names.has(b))).toEqual([]);
      const ends = [...wanted.edges, ...wanted.optional_edges].flat();
      expect(ends.filter((b) => !wanted.backends.includes(b))).toEqual([]);
    }
  });

  it("gives no question away to what the router learns from", () => {
    const configured = strings(parse(readFileSync("config/sandbox.yaml", "utf8")));
    const learnt = new Set([...configured, ...OTHER_EXAMPLES].map(plain));
    const asked = [...CASES, ...readDataset("evals/datasets/aside.jsonl")];
    const known = asked.filter((c) => turnsOf(c).some((turn) => learnt.has(plain(turn))));
    expect(known.map((c) => c.id)).toEqual([]);
  });

  it("shares no question that is set aside with the sets to tune on, but for bare greetings", () => {
    const sets = DATASETS.flatMap(readDataset).filter(({ expect: { kind } }) => kind !== "direct");
    const of = (split: string) => sets.filter((c) => c.split === split && c.input !== undefined);
    const tuned = new Set(of("dev").map((c) => plain(turnsOf(c)[0]!)));
    expect(
      of("heldout")
        .filter((c) => tuned.has(plain(turnsOf(c)[0]!)))
        .map((c) => c.id),
    ).toEqual([]);
  });
});

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
