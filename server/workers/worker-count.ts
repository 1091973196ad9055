/** How many processes serve, and what each of them may use of limits that hold for the whole workspace. */
import { ConfigError } from "../../config/config-error.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";

const MOST = 64;

/** `wanted` is the flag or the variable and wins over the configuration. Throws `ConfigError`. */
export function workerCount(wanted: string | undefined, config: OrchestratorConfig): number {
  const count = wanted === undefined ? config.server.workers : Number(wanted);
  if (!Number.isInteger(count) || count < 1 || count > MOST)
    throw problem(String(wanted), `a whole number from 1 to ${MOST}`, "start with --workers 2, for example");
  if (count > 1 && config.persistence.kind === "memory")
    throw problem(
      `${count} workers with persistence.kind memory`,
      "a database that several processes can share",
      "set persistence.kind to sqlite or postgres, or start one worker",
    );
  return count;
}

/** Genie's quota belongs to the workspace: each worker keeps to its share, at least one question a minute. */
export function forOneOf(config: OrchestratorConfig, count: number): OrchestratorConfig {
  const backends = config.backends.map((backend) =>
    backend.kind === "genie" && backend.questions_per_minute > 0
      ? { ...backend, questions_per_minute: Math.max(1, Math.floor(backend.questions_per_minute / count)) }
      : backend,
  );
  return { ...config, backends };
}

function problem(found: string, expected: string, fix: string): ConfigError {
  return new ConfigError([{ file: "--workers", line: null, path: "", found, expected, fix }]);
}
