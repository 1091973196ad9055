/** Finds and reads what `loadConfig` needs: `.env`, the file that applies, the CLI profile's host. For entry points. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError } from "./config-error.ts";
import { profileHost } from "./loading/databricks-profile.ts";
import type { Env } from "./loading/expand-env.ts";
import type { ConfigFile } from "./loading/yaml-source.ts";

export const WORKSPACE_FILE = "config/orchestrator.yaml";
export const SANDBOX_FILE = "config/sandbox.yaml";

export interface ConfigFiles {
  /** The environment with `.env` below it; what is really set wins. */
  env: Env;
  files: ConfigFile[];
  /** `sandbox`: the file that points at the sandbox applies, so the sandbox has to run. */
  mode: "sandbox" | "workspace";
}

/**
 * The file that applies: ORCHESTRATOR_CONFIG (several with commas, later ones over earlier ones), else
 * config/orchestrator.yaml when a workspace is named or inside Databricks Apps, else config/sandbox.yaml.
 * Throws `ConfigError` when it does not exist, or when the sandbox is asked for inside Databricks Apps.
 */
export function readConfigFiles(environment: Env, cwd: string): ConfigFiles {
  const env = readEnvironment(environment, cwd);
  const paths = whichFiles(env);
  const mode = paths.some((path) => resolve(cwd, path) === resolve(cwd, SANDBOX_FILE))
    ? "sandbox"
    : "workspace";
  if (mode === "sandbox" && env.DATABRICKS_APP_NAME) throw sandboxInApp();
  const missing = paths.find((path) => !existsSync(resolve(cwd, path)));
  if (missing !== undefined) throw noSuchFile(missing);
  return {
    env,
    files: paths.map((path) => ({ path, text: readText(resolve(cwd, path), path) })),
    mode,
  };
}

/** The environment with `.env` below it and, when only a CLI profile names the workspace, the profile's host. */
export function readEnvironment(environment: Env, cwd: string): Env {
  return withProfileHost({ ...readDotEnv(cwd), ...onlySet(environment) });
}

function whichFiles(env: Env): string[] {
  const chosen = env.ORCHESTRATOR_CONFIG?.split(",").map((path) => path.trim());
  if (chosen !== undefined) return chosen.filter((path) => path !== "");
  const workspace = env.DATABRICKS_APP_NAME ?? env.DATABRICKS_HOST ?? env.DATABRICKS_CONFIG_PROFILE;
  return [workspace === undefined ? SANDBOX_FILE : WORKSPACE_FILE];
}

function readDotEnv(cwd: string): Env {
  const path = join(cwd, ".env");
  return existsSync(path) ? onlySet(parseEnv(readText(path, ".env"))) : {};
}

/** Throws `ConfigError` for what is there but cannot be read. */
function readText(path: string, shown: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const folder = error instanceof Error && "code" in error && error.code === "EISDIR";
    const found = folder ? "a folder" : "a file that this user may not read";
    const fix = folder ? "name the file in it" : "give this user read access";
    throw new ConfigError([{ file: shown, line: null, path: "", found, expected: "a readable file", fix }]);
  }
}

/** A variable that is set to nothing counts as not set, so that `.env` and defaults reach through. */
function onlySet(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}

function withProfileHost(env: Env): Env {
  if (env.DATABRICKS_HOST !== undefined || env.DATABRICKS_CONFIG_PROFILE === undefined) return env;
  const path = env.DATABRICKS_CONFIG_FILE ?? join(homedir(), ".databrickscfg");
  if (!existsSync(path)) return env;
  const host = profileHost(readText(path, path), env.DATABRICKS_CONFIG_PROFILE);
  return host === null ? env : { ...env, DATABRICKS_HOST: host };
}

function noSuchFile(path: string): ConfigError {
  const expected = "a configuration file";
  const fix = `create it (config/orchestrator.yaml is the template), or set ORCHESTRATOR_CONFIG to the one to use`;
  return new ConfigError([{ file: path, line: null, path: "", found: "no such file", expected, fix }]);
}

function sandboxInApp(): ConfigError {
  const found = "the sandbox's configuration inside Databricks Apps";
  const expected = "the configuration of a real workspace";
  const fix = "set ORCHESTRATOR_CONFIG to config/orchestrator.yaml, or remove it";
  return new ConfigError([{ file: SANDBOX_FILE, line: null, path: "", found, expected, fix }]);
}
