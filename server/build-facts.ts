/** What runs: version, commit and configuration, as every trace says it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Attributes } from "@opentelemetry/api";
import type { OrchestratorConfig } from "../config/schema.ts";

export interface BuildFacts {
  version: string;
  commit: string | null;
  config_hash: string;
  attributes: Attributes;
}

/** `root` is the folder of the project. The commit is missing where there is no repository, as in a deployed app. */
export function buildFacts(config: OrchestratorConfig, root: string): BuildFacts {
  const version = versionIn(root);
  const commit = commitIn(root);
  const config_hash = configHash(config);
  const attributes: Attributes = {
    "service.version": version,
    "gen_ai.agent.version": version,
    "orchestrator.config_hash": config_hash,
    ...(commit === null ? {} : { "vcs.ref.head.revision": commit }),
  };
  return { version, commit, config_hash, attributes };
}

/** Of what decides about answers: neither credentials nor places. */
function configHash({ backends, models, routing, budgets }: OrchestratorConfig): string {
  const text = JSON.stringify({ backends, models, routing, budgets }, (key, value: unknown) =>
    SECRET_KEYS.has(key) ? undefined : value,
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

const SECRET_KEYS = new Set(["api_key", "headers"]);

function versionIn(root: string): string {
  const text = readText(join(root, "package.json"));
  const value: unknown = text === null ? {} : JSON.parse(text);
  const version = typeof value === "object" && value !== null ? Reflect.get(value, "version") : null;
  return typeof version === "string" ? version : "0.0.0";
}

function commitIn(root: string): string | null {
  const head = readText(join(root, ".git", "HEAD"))?.trim() ?? "";
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  const hash = ref === undefined ? head : (readText(join(root, ".git", ref))?.trim() ?? packed(root, ref));
  return /^[0-9a-f]{40,64}$/.test(hash) ? hash : null;
}

function packed(root: string, ref: string): string {
  const refs = readText(join(root, ".git", "packed-refs")) ?? "";
  return refs.split("\n").find((line) => line.endsWith(` ${ref}`))?.split(" ")[0] ?? ""; // prettier-ignore
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
