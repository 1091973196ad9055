/** Starts what the evaluations ask: the sandbox, and the real server over it. */
import { startSandbox } from "./start-sandbox.ts";
import { startServer } from "./start-server.ts";

export interface System {
  serverUrl: string;
  /** Null when the server under test is somebody else's: then there is no truth to compare with. */
  sandboxUrl: string | null;
  close(): Promise<void>;
}

/** `config`: the configuration's file; what else the caller's environment names does not count. */
export async function startSystem(env: NodeJS.ProcessEnv, config: string): Promise<System> {
  const sandbox = await startSandbox(env);
  try {
    const server = await startServer(env, config, sandbox.url);
    const close = async () => {
      await server.close();
      await sandbox.close();
    };
    return { serverUrl: server.url, sandboxUrl: sandbox.url, close };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
