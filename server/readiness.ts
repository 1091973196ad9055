/** Readiness per backend, asked at most every few seconds however often probes come. */
import type { Backend, Readiness } from "../backends/backend.ts";
import type { Services } from "./exchange.ts";

const KEEP_MS = 5_000;
const PATIENCE_MS = 2_000;

export interface SystemReadiness {
  /** `degraded`: some backends cannot be asked now. */
  status: "ready" | "degraded" | "not_ready";
  backends: ({ name: string; kind: string } & Readiness)[];
}

/** Probes ask as nobody: a backend that needs the user's own token says so. */
const PROBE = { subject: "system:readiness" };

export function createReadiness(): (services: Services) => Promise<SystemReadiness> {
  let known: { at: number; result: Promise<SystemReadiness> } | null = null;
  return (services) => {
    const now = services.clock();
    if (known === null || now - known.at >= KEEP_MS) known = { at: now, result: probeAll(services) };
    return known.result;
  };
}

async function probeAll(services: Services): Promise<SystemReadiness> {
  const backends = await Promise.all([...services.orchestrator.backends.values()].map(probe));
  const ready = backends.filter((backend) => backend.ready).length;
  const status = ready === backends.length ? "ready" : ready > 0 ? "degraded" : "not_ready";
  return { status, backends };
}

async function probe(backend: Backend): Promise<SystemReadiness["backends"][number]> {
  const { name, config } = backend;
  const silent: Readiness = {
    ready: false,
    state: "down",
    message: `${name} did not answer in time.`,
    breaker: "closed",
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const late = new Promise<Readiness>((resolve) =>
    signal.addEventListener("abort", () => resolve(silent), { once: true }),
  );
  const answer = backend.check(PROBE, signal).catch(() => silent);
  return { name, kind: config.kind, ...(await Promise.race([answer, late])) };
}
