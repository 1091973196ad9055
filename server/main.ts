/** The program: starts the server, or workers that share its port; says where it listens, stops on SIGTERM and SIGINT. */
import cluster, { type Worker } from "node:cluster";
import { exampleQuestions } from "../config/example-questions.ts";
import { readEnvironment } from "../config/read-files.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { createLogger } from "./create-logger.ts";
import { explainFailure } from "./explain-failure.ts";
import { listenPort } from "./listen-port.ts";
import { logLevel } from "./log-level.ts";
import { START_HELP, startArguments } from "./start-arguments.ts";
import { prepare, serve, urlOf, type Prepared, type Running } from "./start.ts";
import { metricsDesk } from "./workers/metrics-desk.ts";
import { sharedMetrics, type PrimaryPort } from "./workers/shared-metrics.ts";
import { startWorkers } from "./workers/start-workers.ts";
import { forOneOf, workerCount } from "./workers/worker-count.ts";

const env = orExit(() => readEnvironment(process.env, process.cwd()));
const { logger, redact } = createLogger({ level: orExit(() => logLevel(env)), pretty: process.stdout.isTTY });
const onConfig = (config: OrchestratorConfig) => redact(config.tracing.redact);

// LangChain would send by itself on these, key or not; the configuration decides and hands the callbacks in.
// Unset, not "false": any text in LANGCHAIN_TRACING gives every step of every run a callback manager of its own.
for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"])
  Reflect.deleteProperty(process.env, name);

/** A bad configuration ends the start with the list of its problems and exit code 1, never a stack trace. */
async function main(): Promise<void> {
  try {
    const { help, workers } = startArguments(process.argv.slice(2));
    if (help) return void process.stdout.write(START_HELP);
    const port = listenPort(env);
    const prepared = await prepare({ env, cwd: process.cwd(), onConfig });
    if (!cluster.isWorker)
      void prepared.sandbox?.lost.then((how) => logger.error(`${how} Start the server again.`));
    const count = workerCount(workers ?? env.ORCHESTRATOR_WORKERS, prepared.config);
    const running =
      cluster.isWorker || count === 1 ? await one(prepared, count, port) : await several(prepared, count);
    // Signals to the whole group reach workers too: the primary tells them when to stop, and once is enough.
    if (cluster.isWorker) for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
    else {
      process.stdout.write(greeting(running));
      stopOn("SIGINT", running);
    }
    stopOn("SIGTERM", running);
  } catch (error) {
    refuse(error);
  }
}

function orExit<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exit(1);
}

function one(prepared: Prepared, count: number, port: number): Promise<Running> {
  const options = { cwd: process.cwd(), logger, port };
  if (!cluster.isWorker) return serve(prepared, options);
  const primary: PrimaryPort = {
    // A primary that is gone takes its workers along.
    send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => void process.on("message", listener),
  };
  const config = forOneOf(prepared.config, count);
  return serve({ ...prepared, config }, { ...options, share: (own) => sharedMetrics(own, primary) });
}

/** The primary serves nothing itself: it holds the sandbox and replaces workers that die. */
async function several({ config, mode, sandbox }: Prepared, count: number): Promise<Running> {
  const given = sandbox === null ? {} : { SANDBOX_URL: sandbox.url };
  const metrics = metricsDesk();
  const fork = () => cluster.fork({ ...given, ORCHESTRATOR_WORKERS: String(count) });
  try {
    const onWorker = (worker: Worker) => metrics.add(worker);
    const workers = await startWorkers({ count, fork, onWorker, logger, clock: Date.now });
    const close = () => workers.close().then(() => sandbox?.close());
    return { url: urlOf(config, workers.port), mode, config, sandboxUrl: sandbox?.url ?? null, close };
  } catch (error) {
    await sandbox?.close();
    throw error;
  }
}

function greeting(running: Running): string {
  const example = running.config.backends.flatMap(exampleQuestions).at(0) ?? "What can you do?";
  const backends = running.config.backends.map((backend) => `  ${backend.name} (${backend.kind})`).join("\n");
  return [
    `\nOrchestrator listening on ${running.url} (${running.mode}${running.sandboxUrl === null ? "" : ` at ${running.sandboxUrl}`})`,
    `Backends:\n${backends}`,
    `Open ${running.url} in a browser, or try:`,
    `  curl -s ${running.url}/responses -H 'content-type: application/json' -d '${JSON.stringify({ input: example }).replaceAll("'", String.raw`'\''`)}'\n\n`,
  ].join("\n");
}

function stopOn(signal: NodeJS.Signals, running: Running): void {
  process.once(signal, () => {
    logger.info({ signal }, "stopping");
    void running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, "stopping failed");
        process.exit(1);
      },
    );
  });
}

await main();
