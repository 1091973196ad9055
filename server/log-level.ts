/** How much is logged, from the environment. */
import { ConfigError } from "../config/config-error.ts";
import { closestName } from "../config/loading/closest-name.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** `info` without `LOG_LEVEL`. Throws `ConfigError`. */
export function logLevel(env: Record<string, string | undefined>): string {
  const found = env.LOG_LEVEL;
  if (found === undefined || LEVELS.includes(found)) return found ?? "info";
  const near = closestName(found, LEVELS);
  const fix = near === null ? "set LOG_LEVEL to one of them, or leave it out" : `did you mean \`${near}\`?`;
  const expected = `one of ${LEVELS.join(", ")}`;
  throw new ConfigError([{ file: "environment", line: null, path: "LOG_LEVEL", found, expected, fix }]);
}
