/** Writes a first configuration for a workspace: config/workspace.yaml from what it has, and the lines of `.env`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readEnvironment } from "../../config/read-files.ts";
import { discover } from "../discover/discover.ts";
import { noWorkspace, openWorkspace } from "../discover/open-workspace.ts";
import type { Shell } from "../shell.ts";

export interface QuickstartOptions {
  /** Profile of the Databricks CLI; without it the environment names the workspace. */
  profile?: string;
  /** Overwrite config/workspace.yaml. */
  force: boolean;
}

export const QUICKSTART_FILE = "config/workspace.yaml";

const WORKSPACE = `# Written by \`orchestrator quickstart\`. Every key is described in docs/configuration.md.
workspace:
  host: \${DATABRICKS_HOST}
  profile: \${DATABRICKS_CONFIG_PROFILE:-}
  token: \${DATABRICKS_TOKEN:-}
  client_id: \${DATABRICKS_CLIENT_ID:-}
  client_secret: \${DATABRICKS_CLIENT_SECRET:-}
  auth_type: \${DATABRICKS_AUTH_TYPE:-}

`;

/** Returns the exit code. Throws `BackendError` when the workspace cannot be reached with these credentials. */
export async function quickstart(options: QuickstartOptions, { env, cwd, terminal }: Shell): Promise<number> {
  const chosen: Record<string, string> =
    options.profile === undefined ? {} : { DATABRICKS_CONFIG_PROFILE: options.profile };
  const given = readEnvironment({ ...env, ...chosen }, cwd);
  const workspace = openWorkspace(given);
  if (workspace === null) {
    terminal.err(`\`npm start\` runs with the sandbox, without any workspace.\n${noWorkspace(given)}\n`);
    return 1;
  }
  try {
    const path = join(cwd, QUICKSTART_FILE);
    if (existsSync(path) && !options.force) {
      terminal.err(`${QUICKSTART_FILE} exists; --force overwrites it.\n`);
      return 1;
    }
    const { yaml, notes } = await discover(workspace, AbortSignal.timeout(120_000));
    for (const note of notes) terminal.err(`${note}\n`);
    if (yaml === "") return 1;
    writeFileSync(path, WORKSPACE + yaml);
    const added = addToEnv(join(cwd, ".env"), { ...chosen, ORCHESTRATOR_CONFIG: QUICKSTART_FILE });
    terminal.out(
      `Wrote ${QUICKSTART_FILE}${added.length === 0 ? "" : ` and ${added.join(", ")} in .env`}.\n`,
    );
    terminal.out("Edit the descriptions, then: npm run orchestrator -- doctor, and npm start.\n");
    return 0;
  } finally {
    await workspace.close();
  }
}

/** Adds what `.env` does not set yet; what stands there is left alone. Returns the names added. */
function addToEnv(path: string, values: Record<string, string>): string[] {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const set = parseEnv(text);
  const added = Object.entries(values).filter(([name]) => !set[name]);
  const lines = added.map(([name, value]) => `${name}=${value}\n`).join("");
  if (lines !== "")
    writeFileSync(path, text === "" || text.endsWith("\n") ? text + lines : `${text}\n${lines}`);
  return added.map(([name]) => name);
}
