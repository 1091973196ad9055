/** Starts the sandbox workspace as a program of its own. */
import { startProgram, type ChildProgram } from "./child-program.ts";

/** The first start builds the company's data. */
const TIMEOUT_MS = 180_000;

export function startSandbox(env: NodeJS.ProcessEnv): Promise<ChildProgram> {
  return startProgram({
    program: "sandbox/main.ts",
    env: { ...env, SANDBOX_PARENT: "1" },
    ready: (said) => /"sandbox":"ready","url":"([^"]+)"/.exec(said)?.[1],
    timeout_ms: TIMEOUT_MS,
  });
}
