/** Starts a program as a child of its own, waits for the address that it prints, and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export interface Child {
  url: string;
  pid: number;
  /** From the start to the line with the address, milliseconds. */
  started_ms: number;
  /** Address of its inspector; empty unless `--inspect` is among the flags. */
  inspector: string;
  close(): Promise<void>;
}

/** `program` is a path from the project's root. Rejects with what the program said when it does not start. */
export async function startChild(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  flags: readonly string[] = [],
): Promise<Child> {
  const began = performance.now();
  const options = { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] as const };
  const child = spawn(process.execPath, [...flags, "--import", "tsx", program, ...args], {
    ...options,
    stdio: [...options.stdio],
  });
  const { url, inspector } = await addresses(child, program);
  const started_ms = performance.now() - began;
  return { url, pid: child.pid ?? 0, started_ms, inspector, close: () => stop(child) };
}

function addresses(child: ChildProcess, program: string): Promise<{ url: string; inspector: string }> {
  return new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(() => reject(new Error(`${program} was not ready within 60 s: ${said}`)), 60_000);
    const hear = (text: string) => {
      said = (said + text).slice(-4_000);
      const url = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      resolve({ url, inspector: /Debugger listening on (ws:\/\/\S+)/.exec(said)?.[1] ?? "" });
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with code ${code}: ${said}`)));
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
