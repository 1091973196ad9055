/** `npm run evals -- arms`: the arms that need no model, over the sandbox, with a verdict per shape of question. */
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { readDataset } from "../case.ts";
import type { Options } from "../options.ts";
import { startSystem } from "../programs/system.ts";
import { createProgressBar } from "../progress-bar.ts";
import { ARMS } from "./arm.ts";
import { armsTable, verdictTable } from "./arms-text.ts";
import { runArm } from "./run-arms.ts";
import { verdicts } from "./verdict.ts";

/** Returns the report as Markdown. */
export async function compareArms(env: NodeJS.ProcessEnv, options: Options): Promise<string> {
  const cases = [options.dataset, "evals/datasets/tuning.jsonl"]
    .filter((file, index, all) => all.indexOf(file) === index)
    .flatMap(readDataset)
    .filter(({ id, input }) => input !== undefined && (options.only?.test(id) ?? true))
    .slice(0, options.limit);
  const read = readConfigFiles({ ORCHESTRATOR_CONFIG: options.config }, process.cwd());
  const config = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, read.files);
  const backends = config.backends.filter(({ enabled }) => enabled).map(({ name }) => name);
  const system = await startSystem(env, options.config);
  try {
    const arms = [];
    for (const arm of ARMS) {
      const progress = createProgressBar(cases.length, process.stderr, Date.now);
      const { concurrency, timeout_ms } = options;
      const onCase = (id: string) => progress.step(id);
      const measured = await runArm(arm, cases, { system, backends, concurrency, timeout_ms, onCase });
      progress.end();
      arms.push({ ...arm, measured });
    }
    const [graph, ...others] = arms;
    const against = others.map(({ name, measured }) =>
      verdictTable(name, verdicts(graph!.measured, measured)),
    );
    return [armsTable(arms), ...against].join("\n\n");
  } finally {
    await system.close();
  }
}
