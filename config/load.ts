/** Turns configuration files and an environment into one frozen configuration. Pure: reads nothing itself. */
import { ConfigError } from "./config-error.ts";
import type { Problem } from "./config-error.ts";
import { crossProblems } from "./loading/cross-problems.ts";
import { deepFreeze } from "./loading/deep-freeze.ts";
import type { Env } from "./loading/expand-env.ts";
import { mergeSources } from "./loading/merge-sources.ts";
import { placeholderProblems } from "./loading/placeholder-problems.ts";
import { schemaProblems } from "./loading/schema-problems.ts";
import { validate } from "./loading/validate.ts";
import { readYaml } from "./loading/yaml-source.ts";
import type { ConfigFile } from "./loading/yaml-source.ts";
import type { OrchestratorConfig } from "./schema.ts";

/**
 * Later files lie over earlier ones. Backends with `enabled: false` are checked like the others and then left out.
 * Throws `ConfigError` with every problem of all files at once.
 */
export function loadConfig(env: Env, files: readonly ConfigFile[]): OrchestratorConfig {
  if (files.length === 0) throw new ConfigError([NO_FILE]);
  const source = mergeSources(files.map((file) => readYaml(file, env)));
  if (source.data === null || source.problems.some((problem) => problem.path === "")) {
    throw new ConfigError(source.problems);
  }
  const { config, issues, data } = validate(source);
  const problems = inOrder([
    ...source.problems,
    ...placeholderProblems(source),
    ...schemaProblems(source, issues),
    ...crossProblems(source, data),
  ]);
  if (config === null || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze({ ...config, backends: config.backends.filter((backend) => backend.enabled) });
}

const NO_FILE: Problem = {
  file: "configuration",
  line: null,
  path: "",
  found: "no configuration file",
  expected: "at least one",
  fix: "set ORCHESTRATOR_CONFIG to the path of a file like config/orchestrator.yaml",
};

/** By place; of several problems with one value the first says it best: a missing variable is also no number. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const distinct = problems.filter(({ path }) => !seen.has(path) && seen.add(path));
  return distinct.sort((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
}
