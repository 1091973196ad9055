/** `npm run studio`: LangGraph's development server on our graph, with the sandbox when the configuration wants it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ConfigError } from "../config/config-error.ts";
import { formatProblems } from "../config/format-problems.ts";
import { loadConfig } from "../config/load.ts";
import { readConfigFiles } from "../config/read-files.ts";
import { startSandboxProcess, type SandboxProcess } from "../server/sandbox-process.ts";

let sandbox: SandboxProcess | null = null;
try {
  const { env, files, mode } = readConfigFiles(process.env, process.cwd());
  if (mode === "sandbox" && env.SANDBOX_URL === undefined) sandbox = await startSandboxProcess(env);
  const given = { ...env, SANDBOX_URL: env.SANDBOX_URL ?? sandbox?.url };
  loadConfig(given, files);
  process.exitCode = await serve(given, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof ConfigError ? formatProblems(error.problems) : error);
  process.exitCode = 1;
} finally {
  await sandbox?.close();
}

/** LangSmith's client must be told not to send: without a key it tries, and keeps the process alive. */
async function serve(env: NodeJS.ProcessEnv, args: string[]): Promise<number> {
  const child = spawn("langgraphjs", ["dev", "--no-browser", ...args], {
    env: { ...env, LANGSMITH_TRACING: env.LANGSMITH_TRACING ?? "false" },
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const [code]: unknown[] = await once(child, "exit");
  return typeof code === "number" ? code : 0;
}
