/** Settings for runs with faults: no repeats, no breaker, short waits, so that every fault shows in the answer. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";

const TIMEOUT_MS = 3_000;

export interface Overlay {
  /** Value for ORCHESTRATOR_CONFIG. */
  config: string;
  remove(): void;
}

/** Genie stays with MCP: its other transport would be tried, and kept, after some faults. */
export function faultOverlay(config: string, backends: readonly { name: string; kind: string }[]): Overlay {
  const folder = mkdtempSync(path.join(tmpdir(), "orchestrator-faults-"));
  const file = path.join(folder, "faults.yaml");
  const settings = backends.map(({ name, kind }) => ({
    name,
    timeout_ms: TIMEOUT_MS,
    policy: { retries: 0, breaker_failures: 0 },
    ...(kind === "genie" ? { transport: "mcp" } : {}),
  }));
  writeFileSync(file, stringify({ backends: settings }));
  return { config: `${config},${file}`, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
