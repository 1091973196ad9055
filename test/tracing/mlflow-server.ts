/** A real MLflow tracking server on a port of its own, where one is installed. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface MlflowServer {
  url: string;
  stop(): Promise<void>;
}

/** The program, or null. MLFLOW_BIN names one that is not on the path. */
export function mlflowProgram(): string | null {
  const program = process.env.MLFLOW_BIN ?? "mlflow";
  return spawnSync(program, ["--version"], { timeout: 60_000 }).status === 0 ? program : null;
}

export async function startMlflow(program: string): Promise<MlflowServer> {
  const folder = mkdtempSync(join(tmpdir(), "mlflow-"));
  const port = await freePort();
  const where = [
    "--backend-store-uri",
    `sqlite:///${folder}/mlflow.db`,
    "--default-artifact-root",
    `${folder}/files`,
  ];
  const child = spawn(
    program,
    ["server", ...where, "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
    {
      stdio: "ignore",
      detached: true,
      env: { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child);
  return {
    url,
    stop: async () => {
      const gone = once(child, "exit");
      // Its own group: the server starts workers.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const START_MS = 90_000;

async function healthy(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + START_MS; Date.now() < until;) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok === true) return;
    if (child.exitCode !== null) throw new Error(`mlflow ended with ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("mlflow did not answer.");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
