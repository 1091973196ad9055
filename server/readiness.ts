/** Readiness per backend, asked at most every few seconds however often probes come. */
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Backend, Readiness } from "../backends/backend.ts";
import type { BackendSnapshot } from "../backends/backend-snapshot.ts";
import type { Services } from "./exchange.ts";

const KEEP_MS = 5_000;
const PATIENCE_MS = 2_000;

export interface SystemReadiness {
  /** `degraded`: some backends cannot be asked now. */
  status: "ready" | "degraded" | "not_ready";
  backends: ({ name: string; kind: string; traffic?: Traffic } & Readiness)[];
}

/** Questions under way and waiting for a place, and failed calls by code since the start. */
export type Traffic = Pick<BackendSnapshot, "active" | "waiting" | "failures">;

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
  // Probes come every few seconds: their spans would bury those of questions.
  const answer = context
    .with(suppressTracing(context.active()), () => backend.check(PROBE, signal))
    .catch(() => silent);
  const readiness = await Promise.race([answer, late]);
  return { name, kind: config.kind, ...readiness, ...trafficOf(backend) };
}

function trafficOf(backend: Backend): { traffic?: Traffic } {
  const snapshot = backend.snapshot?.();
  if (snapshot === undefined) return {};
  const { active, waiting, failures } = snapshot;
  return { traffic: { active, waiting, failures } };
}
