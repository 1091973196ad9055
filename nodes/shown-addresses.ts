/** The addresses that an answer may show. Pure. */
import { addressesIn } from "./link-filter.ts";
import type { Finding } from "./state.ts";

/** Evidence is data: of its addresses only those of the sources, those of our own errors, and the question's. */
export function shownAddresses({ findings, question }: { findings: Finding[]; question: string }): string[] {
  const sources = findings.flatMap(({ evidence }) => evidence.flatMap(({ url }) => url ?? []));
  const said = findings.flatMap(({ error }) => addressesIn(error?.message ?? ""));
  return [...sources, ...said, ...addressesIn(question)];
}
