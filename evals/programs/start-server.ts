/** Starts the real server over a workspace, with a database of its own that goes with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProgram } from "./child-program.ts";

const TIMEOUT_MS = 60_000;

export interface ServerProgram {
  url: string;
  close(): Promise<void>;
}

/** `config`: the configuration's file; `workspaceUrl` stands for the sandbox and for the workspace alike. */
export async function startServer(
  env: NodeJS.ProcessEnv,
  config: string,
  workspaceUrl: string,
): Promise<ServerProgram> {
  const folder = await mkdtemp(path.join(tmpdir(), "orchestrator-evals-"));
  try {
    const server = await startProgram({
      program: "server/main.ts",
      env: {
        ...env,
        PORT: "0",
        LOG_LEVEL: "warn",
        SANDBOX_URL: workspaceUrl,
        ...(env.DATABRICKS_HOST === undefined ? {} : { DATABRICKS_HOST: workspaceUrl }),
        ORCHESTRATOR_CONFIG: config,
        ORCHESTRATOR_DB: path.join(folder, "evals.db"),
      },
      ready: (said) => /listening on (http:\/\/[^\s]+)/.exec(said)?.[1],
      timeout_ms: TIMEOUT_MS,
    });
    const close = async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { url: server.url, close };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
