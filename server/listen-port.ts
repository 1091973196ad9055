/** The port to listen on, from the environment. */
import { ConfigError } from "../config/config-error.ts";

const HIGHEST = 65_535;

/** Databricks Apps' variable wins over `PORT`; 8000 without either, 0 for any free port. Throws `ConfigError`. */
export function listenPort(env: Record<string, string | undefined>): number {
  const name = env["DATABRICKS_APP_PORT"] === undefined ? "PORT" : "DATABRICKS_APP_PORT";
  const found = env[name] ?? "8000";
  const port = Number(found);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST) return port;
  const expected = `a whole number from 0 to ${HIGHEST}`;
  throw new ConfigError([
    { file: "environment", line: null, path: name, found, expected, fix: `set ${name} to a free port` },
  ]);
}
