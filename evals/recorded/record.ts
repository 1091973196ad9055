/** `npm run evals -- record`: asks the labelled questions once and keeps what every backend answered. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Case } from "../case.ts";
import type { ProgressBar } from "../progress-bar.ts";
import { startSandbox } from "../programs/start-sandbox.ts";
import { startServer } from "../programs/start-server.ts";
import { runSuite } from "../run-suite.ts";
import { writeRecordings, type Recording } from "./recording.ts";
import { startTape } from "./tape.ts";

export const RECORDINGS = "evals/recorded/sandbox.jsonl.gz";

export interface RecordOptions {
  cases: readonly Case[];
  /** Address of a workspace; null starts the sandbox. */
  workspace: string | null;
  config: string;
  out: string;
  concurrency: number;
  timeout_ms: number;
  progress: ProgressBar;
}

/** Returns one sentence for the terminal. Only what these questions needed is in the file. */
export async function record(env: NodeJS.ProcessEnv, options: RecordOptions): Promise<string> {
  const sandbox = options.workspace === null ? await startSandbox(env) : null;
  const recordings = new Map<string, Recording>();
  const tape = await startTape({ recordings, upstream: sandbox?.url ?? options.workspace, again: true });
  const folder = mkdtempSync(path.join(tmpdir(), "orchestrator-record-"));
  try {
    const server = await startServer(env, options.config, tape.url);
    const system = {
      serverUrl: server.url,
      sandboxUrl: sandbox === null ? null : tape.url,
      close: () => server.close(),
    };
    const { cases, concurrency, timeout_ms, progress } = options;
    const kept = path.join(folder, "outcomes.jsonl");
    try {
      await runSuite(cases, { system, kept, concurrency, timeout_ms, progress });
    } finally {
      await server.close();
    }
    writeRecordings(options.out, recordings.values());
    return `${cases.length} questions, ${recordings.size} answers of backends in ${options.out}.`;
  } finally {
    await tape.close();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
