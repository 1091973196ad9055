/** Many questions at once while a share of all calls goes wrong in every way. */
import { getEventListeners } from "node:events";
import { BackendError } from "../../backends/errors.ts";
import { FAULTS } from "./storm-faults.ts";
import { KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

const ENDPOINTS = ["app", "genie_mcp", "ka", "churn", "chat_agent", "forecast", "mcp_vector", "sql"];

export interface StormReport {
  answered: number;
  /** Questions by the code of their error. */
  failed: Record<string, number>;
  /** What was no `BackendError`. */
  odd: unknown[];
  /** Milliseconds by which the latest question missed its deadline; below 0 when none did. */
  latest_ms: number;
  unhandled: unknown[];
  /** Listeners on the one signal that all questions shared. */
  listeners: number;
  /** Sockets and other things that keep the process busy, before and after. */
  handles: [before: number, after: number];
}

/** `share` of all calls goes wrong. Every question has the same deadline, in milliseconds from its start. */
export async function storm(
  questions: number,
  at_once: number,
  share: number,
  deadline_ms: number,
): Promise<StormReport> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const before = process.getActiveResourcesInfo().length;
  const kinds = [
    KINDS.retention,
    KINDS.data,
    KINDS.docs,
    KINDS.churn,
    KINDS.chat_agent,
    KINDS.forecast,
    KINDS.vector,
    KINDS.warehouse,
  ];
  const workspace = await openWorkspace(kinds, {
    sandbox: { genieStepMs: 0 },
    deps: { random: Math.random },
  });
  for (const endpoint of ENDPOINTS) {
    for (const fault of FAULTS) {
      await workspace.admin("/faults", { endpoint, fault, probability: share / FAULTS.length });
    }
  }
  const { signal } = new AbortController();
  const report = await askAll(workspace, questions, at_once, deadline_ms, signal);
  const listeners = getEventListeners(signal, "abort").length;
  await workspace.stop();
  await new Promise((resolve) => setTimeout(resolve, 200));
  process.off("unhandledRejection", note);
  return { ...report, unhandled, listeners, handles: [before, await settled(before)] };
}

async function askAll(
  workspace: Workspace,
  questions: number,
  at_once: number,
  deadline_ms: number,
  signal: AbortSignal,
) {
  const backends = [...workspace.backends.values()];
  const report = {
    answered: 0,
    failed: {} as Record<string, number>,
    odd: [] as unknown[],
    latest_ms: -Infinity,
  };
  let next = 0;
  const worker = async () => {
    while (next < questions) {
      const backend = backends[next++ % backends.length];
      if (backend === undefined) return;
      const deadline = Date.now() + deadline_ms;
      try {
        await backend.ask(question(`Question ${next}?`), recorded({ signal, deadline }));
        report.answered += 1;
      } catch (error) {
        if (error instanceof BackendError) report.failed[error.code] = (report.failed[error.code] ?? 0) + 1;
        else report.odd.push(error);
      }
      report.latest_ms = Math.max(report.latest_ms, Date.now() - deadline);
    }
  };
  await Promise.all(Array.from({ length: at_once }, worker));
  return report;
}

/** Sockets close a moment after their last word: looks until the count is back, at most five seconds. */
async function settled(before: number): Promise<number> {
  for (let look = 0; look < 100 && process.getActiveResourcesInfo().length > before; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.getActiveResourcesInfo().length;
}
