/** Starts the sandbox workspace as a child in the same process group and waits until it answers. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface SandboxProcess {
  url: string;
  pid: number;
  /** Says how it ended, when it breaks down; stays open while it runs and when it was told to end. */
  lost: Promise<string>;
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("../sandbox/main.ts", import.meta.url));

/** Rejects with the child's own words when it ends before it is ready. */
export async function startSandboxProcess(env: NodeJS.ProcessEnv): Promise<SandboxProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM], {
    env: { ...env, SANDBOX_PARENT: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const url = await readyUrl(child);
  let closing = false;
  const lost = new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => {
      if (!closing && code !== 0) resolve(`The sandbox ended by itself (${signal ?? `code ${code}`}).`);
    }),
  );
  const close = () => {
    closing = true;
    return stop(child);
  };
  return { url, pid: child.pid!, lost, close };
}

/** The sandbox says where it listens in one JSON line. */
function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    let complaint = "";
    child.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => (complaint = (complaint + text).slice(-2_000)));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const ready = said.split("\n").find((line) => line.includes('"sandbox":"ready"'));
      if (ready !== undefined) resolve((JSON.parse(ready) as { url: string }).url);
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`The sandbox ended with code ${code} before it was ready. ${complaint}`)),
    );
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await ended;
  clearTimeout(force);
}
