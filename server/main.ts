/** The program: starts the server, or workers that share its port; says where it listens, stops on SIGTERM and SIGINT. */
import cluster from "node:cluster";
import { parseArgs } from "node:util";
import { ConfigError } from "../config/config-error.ts";
import { exampleQuestions } from "../config/example-questions.ts";
import { formatProblems } from "../config/format-problems.ts";
import { readEnvironment } from "../config/read-files.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { createLogger } from "./create-logger.ts";
import { listenPort } from "./listen-port.ts";
import { prepare, serve, urlOf, type Prepared, type Running } from "./start.ts";
import { startWorkers } from "./workers/start-workers.ts";
import { forOneOf, workerCount } from "./workers/worker-count.ts";

const env = readEnvironment(process.env, process.cwd());
const { logger, redact } = createLogger({ level: env.LOG_LEVEL ?? "info", pretty: process.stdout.isTTY });
const onConfig = (config: OrchestratorConfig) => redact(config.tracing.redact);

// LangChain would send by itself on these, key or not; the configuration decides and hands the callbacks in.
// Unset, not "false": any text in LANGCHAIN_TRACING gives every step of every run a callback manager of its own.
for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"])
  Reflect.deleteProperty(process.env, name);

/** A bad configuration ends the start with the list of its problems and exit code 1, never a stack trace. */
async function main(): Promise<void> {
  try {
    const port = listenPort(env);
    const prepared = await prepare({ env, cwd: process.cwd(), onConfig });
    if (!cluster.isWorker)
      void prepared.sandbox?.lost.then((how) => logger.error(`${how} Start the server again.`));
    const { values } = parseArgs({ options: { workers: { type: "string" } } });
    const count = workerCount(values.workers ?? env.ORCHESTRATOR_WORKERS, prepared.config);
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
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

function one(prepared: Prepared, count: number, port: number): Promise<Running> {
  const config = cluster.isWorker ? forOneOf(prepared.config, count) : prepared.config;
  return serve({ ...prepared, config }, { cwd: process.cwd(), logger, port });
}

/** The primary serves nothing itself: it holds the sandbox and replaces workers that die. */
async function several({ config, mode, sandbox }: Prepared, count: number): Promise<Running> {
  const given = sandbox === null ? {} : { SANDBOX_URL: sandbox.url };
  const fork = () => cluster.fork({ ...given, ORCHESTRATOR_WORKERS: String(count) });
  try {
    const workers = await startWorkers({ count, fork, logger, clock: Date.now });
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

function explain(error: unknown): string {
  if (error instanceof ConfigError) return formatProblems(error.problems);
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    const port = "port" in error ? ` ${String(error.port)}` : "";
    return `Port${port} is taken. Set PORT to another one, or to 0 for any free port.`;
  }
  return error instanceof Error ? error.message : String(error);
}

await main();
