/** Turns what a workspace has into entries of `backends`, ready for a person to improve the descriptions. */
import { BACKEND_NAME, RESERVED_NAMES } from "../../config/schema.ts";
import type { WorkspaceContents } from "./list-workspace.ts";

export interface BackendEntry {
  name: string;
  kind: "app" | "genie" | "knowledge_assistant" | "serving_endpoint";
  target: string;
  description: string;
}

export interface Discovered {
  backends: BackendEntry[];
  /** Endpoints of chat models: candidates for `models`. */
  models: string[];
}

const NOT_ASKABLE = ["llm/v1/embeddings", "llm/v1/completions"];

export function toBackends({ apps, spaces, endpoints }: WorkspaceContents): Discovered {
  const askable = endpoints.filter(({ task }) => !NOT_ASKABLE.includes(task ?? ""));
  const isModel = (task: string | null | undefined) => task === "llm/v1/chat";
  const entries: BackendEntry[] = [
    ...spaces.map(({ space_id, title, description }) => ({
      name: title,
      kind: "genie" as const,
      target: space_id,
      description: describe(description, `Genie space "${title}": answers questions about its tables.`),
    })),
    ...askable
      .filter(({ task }) => !isModel(task))
      .map(({ name, description, tile_endpoint_metadata: tile }) => ({
        name,
        kind:
          tile?.problem_type === "KNOWLEDGE_ASSISTANT"
            ? ("knowledge_assistant" as const)
            : ("serving_endpoint" as const),
        target: name,
        description: describe(description, `Serving endpoint ${name}.`),
      })),
    ...apps.map(({ name, description }) => ({
      name,
      kind: "app" as const,
      target: name,
      description: describe(description, `Databricks App ${name}.`),
    })),
  ];
  return {
    backends: withUniqueNames(entries),
    models: askable.filter(({ task }) => isModel(task)).map(({ name }) => name),
  };
}

/** A description needs ten characters; a dollar sign would start a variable. */
function describe(given: string | null | undefined, fallback: string): string {
  const text = (given ?? "").replace(/\s+/g, " ").trim();
  return (text.length >= 10 ? text : fallback).replaceAll("${", () => "$${");
}

function withUniqueNames(entries: readonly BackendEntry[]): BackendEntry[] {
  const taken = new Set(RESERVED_NAMES);
  return entries.map((entry) => {
    const base = slug(entry.name, entry.kind);
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base.slice(0, 38)}_${i}`;
    taken.add(name);
    return { ...entry, name };
  });
}

function slug(text: string, kind: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  const name = plain
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 41);
  return BACKEND_NAME.test(name) ? name : kind;
}
