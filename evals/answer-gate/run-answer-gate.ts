/** The gate over answers as a command: the real server over a workspace on tape, any number of times. */
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { chosenCases, readDataset } from "../case.ts";
import { datasetsOf, type Options } from "../options.ts";
import { startSandbox } from "../programs/start-sandbox.ts";
import { startServer, type ServerProgram } from "../programs/start-server.ts";
import { createProgressBar } from "../progress-bar.ts";
import { RECORDINGS } from "../recorded/record.ts";
import { readRecordings } from "../recorded/recording.ts";
import { startTape } from "../recorded/tape.ts";
import { faultOverlay } from "./fault-overlay.ts";
import { FLOORS, floorsOf, readFloors } from "./floors.ts";
import { heldText } from "./held-text.ts";
import { holdAnswers } from "./hold-answers.ts";
import { faultCount } from "./run-faults.ts";

/** Returns the exit code and what to say. What is not recorded is asked of the sandbox, unless `strict`. */
export async function runAnswerGate(
  env: NodeJS.ProcessEnv,
  options: Options,
): Promise<{ code: number; text: string }> {
  const cases = chosenCases(datasetsOf(options).flatMap(readDataset), options);
  const read = readConfigFiles({ ORCHESTRATOR_CONFIG: options.config }, process.cwd());
  const { backends } = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, read.files);
  const overlay = faultOverlay(options.config, backends);
  const sandbox = options.strict ? null : await startSandbox(env);
  const tape = await startTape({
    recordings: readRecordings(options.out ?? RECORDINGS),
    upstream: sandbox?.url ?? null,
  });
  try {
    const { concurrency, timeout_ms, times } = options;
    const floors = floorsOf(options.floors === null ? FLOORS : readFloors(options.floors), options.split);
    const texts: string[] = [];
    let failed = 0;
    for (let round = 1; round <= times; round += 1) {
      const server = await startServer(env, overlay.config, tape.url);
      const progress = createProgressBar(
        cases.length + faultCount(cases, backends),
        process.stderr,
        Date.now,
      );
      const hold = {
        serverUrl: server.url,
        tape,
        backends,
        concurrency,
        timeout_ms,
        progress,
        floors,
        faults: true,
      };
      const held = await closing(server, () => holdAnswers(cases, hold));
      progress.end();
      if (!held.passed) failed += 1;
      if (round === 1 || !held.passed) texts.push(heldText(held));
    }
    if (times > 1) texts.push(`${times - failed} of ${times} runs passed.`);
    return { code: failed === 0 ? 0 : 1, text: texts.join("\n") };
  } finally {
    await tape.close();
    await sandbox?.close();
    overlay.remove();
  }
}

async function closing<T>(server: ServerProgram, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await server.close();
  }
}
