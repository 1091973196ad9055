/** What a killed process left behind in the database: finished steps, and questions whose ids are known. */
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";

export interface LeftBehind {
  /** Backends with a committed finding. */
  finished: string[];
  /** Steps with ids that the next process picks up, as backends. */
  pending: string[];
}

interface Step {
  step: string;
  backend: string;
}

export async function committedSteps(path: string, responseId: string): Promise<LeftBehind> {
  const store = await createStore(PersistenceConfig.parse({ path }), { env: {} });
  try {
    const record = await store.responses.get("anonymous", responseId);
    const tuple = await store.checkpointer.getTuple({ configurable: { thread_id: record?.thread_id ?? "" } });
    const values = (tuple?.checkpoint.channel_values ?? {}) as {
      findings?: Step[];
      plan?: { steps: { id: string; backend: string }[] } | null;
    };
    const written = (tuple?.pendingWrites ?? []).flatMap(([, channel, value]) =>
      channel === "findings" && Array.isArray(value) ? (value as Step[]) : [],
    );
    const pendings = store.pending(responseId.replace("resp_", ""));
    const pending: string[] = [];
    for (const { id, backend } of values.plan?.steps ?? [])
      if ((await pendings.get(id)) !== null) pending.push(backend);
    return { finished: [...(values.findings ?? []), ...written].map(({ backend }) => backend), pending };
  } finally {
    await store.close();
  }
}
