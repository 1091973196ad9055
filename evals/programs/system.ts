/** Starts what the evaluations ask: the sandbox, and the real server over it with a database of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProgram } from "./child-program.ts";

export interface System {
  serverUrl: string;
  /** Null when the server under test is somebody else's: then there is no truth to compare with. */
  sandboxUrl: string | null;
  close(): Promise<void>;
}

const SANDBOX_TIMEOUT = 180_000;
const SERVER_TIMEOUT = 60_000;

/** `config`: the configuration's file; what else the caller's environment names does not count. */
export async function startSystem(env: NodeJS.ProcessEnv, config: string): Promise<System> {
  const sandbox = await startProgram({
    program: "sandbox/main.ts",
    env: { ...env, SANDBOX_PARENT: "1" },
    ready: (said) => /"sandbox":"ready","url":"([^"]+)"/.exec(said)?.[1],
    timeout_ms: SANDBOX_TIMEOUT,
  });
  const folder = await mkdtemp(path.join(tmpdir(), "orchestrator-evals-"));
  try {
    const server = await startProgram({
      program: "server/main.ts",
      env: {
        ...env,
        PORT: "0",
        LOG_LEVEL: "warn",
        SANDBOX_URL: sandbox.url,
        ORCHESTRATOR_CONFIG: config,
        ORCHESTRATOR_DB: path.join(folder, "evals.db"),
      },
      ready: (said) => /listening on (http:\/\/[^\s]+)/.exec(said)?.[1],
      timeout_ms: SERVER_TIMEOUT,
    });
    const close = async () => {
      await server.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { serverUrl: server.url, sandboxUrl: sandbox.url, close };
  } catch (error) {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
