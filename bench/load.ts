/** Puts a fixed number of questions to one server, so many at a time, and measures what it took. */
import type { Client } from "./client.ts";
import { quantile } from "./median.ts";
import { processUsage } from "./process-usage.ts";

export interface Load {
  stream: boolean;
  concurrency: number;
  requests: number;
}

export interface Measured {
  p50_ms: number;
  p95_ms: number;
  first_text_p50_ms: number;
  requests_per_s: number;
  /** CPU milliseconds of the server per request; NaN where it cannot be told. */
  cpu_ms: number;
  /** Resident memory of the server afterwards, megabytes. */
  rss_mb: number;
}

/** With every sample, for those who put several of them together. */
export interface Block extends Measured {
  /** Of each question, milliseconds. */
  totals_ms: number[];
  seconds: number;
}

export async function measure(
  client: Client,
  pid: number,
  { stream, concurrency, requests }: Load,
): Promise<Block> {
  const totals: number[] = [];
  const firsts: number[] = [];
  const before = processUsage(pid);
  const began = performance.now();
  let left = requests;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const sample = await client.ask(stream);
      totals.push(sample.total_ms);
      firsts.push(sample.first_text_ms);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - began) / 1_000;
  const after = processUsage(pid);
  return {
    totals_ms: totals,
    seconds,
    p50_ms: quantile(totals, 0.5),
    p95_ms: quantile(totals, 0.95),
    first_text_p50_ms: quantile(firsts, 0.5),
    requests_per_s: requests / seconds,
    cpu_ms: before && after ? ((after.cpu_s - before.cpu_s) * 1_000) / requests : Number.NaN,
    rss_mb: after ? after.rss / 1e6 : Number.NaN,
  };
}
