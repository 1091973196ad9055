/** `npm run evals -- arms`: the same questions to every arm over the same backends, with a verdict per shape. */
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { chosenCases, readDataset } from "../case.ts";
import { datasetsOf, type Options } from "../options.ts";
import { startSandbox } from "../programs/start-sandbox.ts";
import { startServer } from "../programs/start-server.ts";
import { createProgressBar } from "../progress-bar.ts";
import { ARMS_WITHOUT_MODEL, armsWithModel } from "./all-arms.ts";
import { armsTables, writeArmsReport } from "./arms-report.ts";
import { openGround } from "./open-ground.ts";
import { runArm } from "./run-arms.ts";
import type { Measured } from "./verdict.ts";

/** Returns the report as Markdown; `options.out` keeps it case by case. */
export async function compareArms(env: NodeJS.ProcessEnv, options: Options): Promise<string> {
  const alone = datasetsOf(options)
    .flatMap(readDataset)
    .filter(({ input }) => input !== undefined);
  const cases = chosenCases(alone, options);
  const read = readConfigFiles({ ORCHESTRATOR_CONFIG: options.config }, process.cwd());
  const config = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, read.files);
  const backends = config.backends.filter(({ enabled }) => enabled).map(({ name }) => name);
  const sandbox = await startSandbox(env);
  const { timeout_ms, concurrency } = options;
  const start = (path: string) => startServer(env, path, sandbox.url);
  const ground = openGround({
    workspaceUrl: sandbox.url,
    backends,
    timeout_ms,
    env,
    config: options.config,
    start,
  });
  const chosen = options.model === null ? ARMS_WITHOUT_MODEL : armsWithModel(options.model);
  const progress = createProgressBar(cases.length * chosen.length, process.stderr, Date.now);
  try {
    const arms: { name: string; what: string; measured: Measured[] }[] = [];
    for (const arm of chosen) {
      const onCase = (id: string) => progress.step(id);
      const measured = await runArm(arm, cases, { ground, truthUrl: sandbox.url, concurrency, onCase });
      arms.push({ name: arm.name, what: arm.what, measured });
    }
    progress.end();
    if (options.out !== null) writeArmsReport(options.out, { arms });
    return armsTables({ arms }).join("\n\n");
  } finally {
    await ground.close();
    await sandbox.close();
  }
}
