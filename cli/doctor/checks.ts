/** The checks of `orchestrator doctor`: each says in one line whether it holds, and if not, how to mend it. */
import { BackendError } from "../../backends/errors.ts";
import type { Backends } from "../../backends/registry.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import type { Env } from "../../config/loading/expand-env.ts";
import { createStore } from "../../store/create-store.ts";
import { StoreError } from "../../store/store-error.ts";

export interface Check {
  name: string;
  ok: boolean;
  /** What was found, and the fix when it is not right. */
  message: string;
}

const TIMEOUT_MS = 15_000;

export async function checkToken(backends: Backends): Promise<Check> {
  const { credentials } = backends;
  const name = `token (${credentials.auth_type})`;
  try {
    await credentials.app.token(AbortSignal.timeout(TIMEOUT_MS));
    return { name, ok: true, message: "the workspace's identity has a token" };
  } catch (error) {
    return { name, ok: false, message: sentence(error) };
  }
}

/** Asks no question: only whether each backend could be asked now. */
export async function checkBackends(backends: Backends): Promise<Check[]> {
  const caller = { subject: "anonymous" };
  return Promise.all(
    [...backends.backends.values()].map(async (backend) => {
      const name = `${backend.name} (${backend.config.kind})`;
      try {
        const { ready, state, message } = await backend.check(caller, AbortSignal.timeout(TIMEOUT_MS));
        return { name, ok: ready, message: message === "" ? state : `${state}: ${message}` };
      } catch (error) {
        return { name, ok: false, message: sentence(error) };
      }
    }),
  );
}

export async function checkStore({ persistence }: OrchestratorConfig, env: Env): Promise<Check> {
  const name = `persistence (${persistence.kind})`;
  try {
    const store = await createStore(persistence, { env });
    await store.ping();
    await store.close();
    return { name, ok: true, message: "the database answers" };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { name, ok: false, message: error.message };
  }
}

function sentence(error: unknown): string {
  if (error instanceof BackendError) return error.message;
  if (error instanceof DOMException) return `no answer within ${TIMEOUT_MS / 1_000} s`;
  throw error;
}
