/** The real server in this process over the committed recordings; what they lack is asked of a sandbox. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pino } from "pino";
import { RECORDINGS } from "../../evals/recorded/record.ts";
import { readRecordings } from "../../evals/recorded/recording.ts";
import { startTape, type Tape } from "../../evals/recorded/tape.ts";
import { createCompany } from "../../sandbox/company/company.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { start } from "../../server/start.ts";

export interface TapedWorkspace {
  tape: Tape;
  /** Runs `work` against a server of this configuration (value of ORCHESTRATOR_CONFIG). */
  serving<T>(config: string, work: (serverUrl: string) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openTapedWorkspace(): Promise<TapedWorkspace> {
  const company = await createCompany();
  const sandbox = await startSandbox({ company, genieStepMs: 2 });
  const tape = await startTape({ recordings: readRecordings(RECORDINGS), upstream: sandbox.url });
  return {
    tape,
    serving: async (config, work) => {
      const folder = mkdtempSync(path.join(tmpdir(), "orchestrator-taped-"));
      const env = {
        SANDBOX_URL: tape.url,
        ORCHESTRATOR_CONFIG: config,
        ORCHESTRATOR_DB: path.join(folder, "taped.db"),
      };
      const running = await start({ env, cwd: process.cwd(), logger: pino({ level: "silent" }), port: 0 });
      try {
        return await work(running.url);
      } finally {
        await running.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    close: async () => {
      await tape.close();
      await sandbox.close();
      await company.close();
    },
  };
}
