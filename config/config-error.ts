/** The one error of configuration: every problem at once, each with its place and its fix. */

/** Paths read like `backends[2].timeout_ms`; `line` is 1-based and null where no file holds the place. */
export interface Problem {
  file: string;
  line: number | null;
  path: string;
  found: string;
  expected: string;
  fix: string;
}

/** Thrown by `loadConfig` and `readConfigFiles`; `problems` is never empty. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      problems.length === 1
        ? "the configuration has 1 problem"
        : `the configuration has ${problems.length} problems`,
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}
