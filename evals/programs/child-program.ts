/** Runs a program of the project as a child, waits until it says that it is ready, and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface ChildProgram {
  /** What `ready` found in the program's output. */
  url: string;
  pid: number;
  close(): Promise<void>;
}

export interface ChildOptions {
  /** Path from the project's root. */
  program: string;
  env: NodeJS.ProcessEnv;
  /** Finds the address in what the program has said so far. */
  ready: (said: string) => string | undefined;
  timeout_ms: number;
}

/** Rejects with the program's own words when it ends, or says nothing in time. */
export async function startProgram(options: ChildOptions): Promise<ChildProgram> {
  const child = spawn(process.execPath, ["--import", "tsx", options.program], {
    cwd: ROOT,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const url = await address(child, options).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return { url, pid: child.pid ?? 0, close: () => stop(child) };
}

function address(child: ChildProcess, { program, ready, timeout_ms }: ChildOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => reject(new Error(`${program} ${why}. It said:\n${said.slice(-2_000)}`));
    const late = setTimeout(() => fail(`was not ready within ${timeout_ms} ms`), timeout_ms);
    const hear = (text: string) => {
      said = (said + text).slice(-20_000);
      const url = ready(said);
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => fail(`ended with code ${code} before it was ready`));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(force);
}
