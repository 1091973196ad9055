/** The arguments of the program, and what `--help` says of it. */
import { parseArgs } from "node:util";
import { ConfigError, type Problem } from "../config/config-error.ts";
import { closestName } from "../config/loading/closest-name.ts";

export interface StartArguments {
  help: boolean;
  workers: string | undefined;
}

export const START_HELP = `npm start -- [--workers <number>]

Starts the server, and the sandbox when no workspace is configured.

  --workers <number>   processes that share the port and the database, 1 to 64
  --help               this text

Variables, in the environment or in .env (all of them: .env.example):

  PORT                 port to listen on, 8000 by default; 0 for any free one
  ORCHESTRATOR_CONFIG  configuration file; several with commas, later ones over earlier ones
  ORCHESTRATOR_DB      SQLite file of the sandbox's configuration, .data/orchestrator.db by default
  DATABRICKS_HOST, DATABRICKS_CONFIG_PROFILE   the workspace to ask instead of the sandbox
  LOG_LEVEL            trace, debug, info, warn, error, fatal or silent

Configuration: docs/configuration.md. Other commands: npm run orchestrator -- --help
`;

const OPTIONS = { workers: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** Throws `ConfigError` with everything that is not understood. */
export function startArguments(argv: readonly string[]): StartArguments {
  const { values, tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const problems = tokens.flatMap((token): Problem[] => {
    if (token.kind === "positional") return [notUnderstood(token.value, "no words beside options")];
    if (token.kind !== "option") return [];
    if (!(token.name in OPTIONS)) return [notUnderstood(token.rawName, "--workers <number> or --help")];
    return token.name === "workers" && token.value === undefined
      ? [notUnderstood("--workers without a number", "--workers <number>")]
      : [];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    help: values.help === true,
    workers: typeof values.workers === "string" ? values.workers : undefined,
  };
}

function notUnderstood(found: string, expected: string): Problem {
  const near = closestName(found.replace(/^-+/, ""), Object.keys(OPTIONS));
  const fix =
    near === null || found.includes(" ")
      ? "`npm start -- --help` lists what there is"
      : `did you mean --${near}?`;
  return { file: "npm start", line: null, path: "", found, expected, fix };
}
