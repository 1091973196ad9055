/** The real program in a process of its own, for tests that kill it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface ServerProcess {
  url: string;
  child: ChildProcess;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
  /** SIGTERM; returns the exit code. */
  stop(): Promise<number | null>;
}

export async function startServerProcess(
  env: Record<string, string>,
  flags: string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "server/main.ts", ...flags], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: "0", LOG_LEVEL: "silent", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await listeningUrl(child);
  const ended = once(child, "exit");
  return {
    url,
    child,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (text: string) => {
      said += text;
      const match = /listening on (http:\/\/\S+)/.exec(said);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
  });
}
