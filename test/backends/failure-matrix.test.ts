import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { BACKEND_ERROR_CODES } from "../../backends/errors.ts";
import { betweenMarkers } from "../../scripts/docs/between-markers.ts";
import { outcomesOf, SETUPS, type Outcome } from "./failure-matrix.ts";

const PAGE = "docs/failure-modes.md";
/** A busy machine may be late; what hangs would be late by minutes. */
const SLACK_MS = 5_000;

let all: { title: string; outcomes: Outcome[] }[] = [];

beforeAll(async () => {
  all = await Promise.all(
    SETUPS.map(async (setup) => ({ title: setup.title, outcomes: await outcomesOf(setup) })),
  );
}, 120_000);

function tables(): string {
  return all
    .map(({ title, outcomes }) => {
      const rows = outcomes.map(
        (one) => `| ${one.fault} | ${shown(one.outcome)} | ${one.calls} | ${timeOf(one)} | ${one.sentence} |`,
      );
      return [
        `### ${title}`,
        "",
        "| Fault | Outcome | Calls | Time | What the user reads |",
        "| --- | --- | --- | --- | --- |",
        ...rows,
      ].join("\n");
    })
    .join("\n\n");
}

function shown(outcome: string): string {
  return outcome === "answered" ? outcome : `\`${outcome}\``;
}

/** What was waited for, to the second; the rest is what the machine needs for the calls. */
function timeOf({ outcome, waited_ms }: Outcome): string {
  if (outcome === "timeout") return "`timeout_ms`";
  return waited_ms < 1_000 ? "at once" : `${Math.round(waited_ms / 1_000)} s`;
}

const everything = () => all.flatMap(({ title, outcomes }) => outcomes.map((one) => ({ ...one, title })));

describe("every kind against every fault", () => {
  it("ends with an answer or a code of the closed set", () => {
    const known = ["answered", ...BACKEND_ERROR_CODES];
    expect(everything().filter(({ outcome }) => !known.includes(outcome))).toEqual([]);
    expect(everything().length).toBeGreaterThan(200);
  });

  it("ends before its time is over, and takes no longer than it waits for something", () => {
    const late = everything().filter(
      ({ outcome, waited_ms, elapsed_ms, timeout_ms }) =>
        elapsed_ms > (outcome === "timeout" ? timeout_ms : waited_ms) + SLACK_MS,
    );
    expect(late).toEqual([]);
  });

  it("tells one sentence with a fix, and nothing of what came from outside", () => {
    const failed = everything().filter(({ outcome }) => outcome !== "answered");
    const odd = failed.filter(
      ({ sentence }) => !/^\w+ [^.:]+: [^]+\.$/.test(sentence) || /s3cr3t|injected|<html/.test(sentence),
    );
    expect(odd).toEqual([]);
  });

  it("is documented as it is; UPDATE_DOCS=1 writes it", () => {
    const page = readFileSync(PAGE, "utf8");
    const fresh = betweenMarkers(page, "matrix", tables());
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(PAGE, fresh);
    expect(readFileSync(PAGE, "utf8") === fresh, `${PAGE} is stale: run this test with UPDATE_DOCS=1`).toBe(
      true,
    );
  });
});
