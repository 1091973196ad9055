/** Text that makes an answer huge, for the fault of that name. */
import type { Fault } from "./faults.ts";

export function filler(fault: Fault | null): string {
  return fault ? ` ${"lorem ipsum ".repeat(Math.ceil((fault.bytes ?? 5_000_000) / 12))}` : "";
}
