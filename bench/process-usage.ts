/** CPU time and memory of another process, from /proc; null where the system has none. */
import { readFileSync } from "node:fs";

export interface ProcessUsage {
  /** User and system time so far, seconds. */
  cpu_s: number;
  /** Resident memory now, bytes. */
  rss: number;
}

/** Clock ticks per second in /proc, the same on every Linux that Node runs on. */
const TICKS = 100;

export function processUsage(pid: number): ProcessUsage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const rss = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    return { cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS, rss: Number(rss ?? 0) * 1024 };
  } catch {
    return null;
  }
}
