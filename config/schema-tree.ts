/** The schema as plain data (JSON Schema): which keys may stand at a place, and what is expected there. */
import { z } from "zod";
import { valueAt } from "./loading/config-path.ts";
import { meantKind } from "./loading/meant-kind.ts";
import { OrchestratorConfig } from "./schema.ts";

export type SchemaNode = z.core.JSONSchema.BaseSchema;

/** The schema of what a user writes: keys with a default are optional. */
export function configSchema(): SchemaNode {
  return z.toJSONSchema(OrchestratorConfig, { io: "input" });
}

/** The schema at a path; `data` decides between the kinds of a backend. Null where nothing may stand. */
export function schemaAt(root: SchemaNode, path: readonly PropertyKey[], data: unknown): SchemaNode | null {
  let node: SchemaNode | null = variant(root, data);
  for (const [index, part] of path.entries()) {
    node = node === null ? null : child(node, part);
    if (node !== null) node = variant(node, valueAt(data, path.slice(0, index + 1)));
  }
  return node;
}

/** The keys that may stand in a mapping. */
export function keysOf(node: SchemaNode | null): string[] {
  return Object.keys(node?.properties ?? {});
}

function child(node: SchemaNode, part: PropertyKey): SchemaNode | null {
  if (typeof part === "number") return asNode(Array.isArray(node.items) ? node.items[0] : node.items);
  return asNode(node.properties?.[String(part)] ?? node.additionalProperties);
}

/** Of several alternatives, the one with the `kind` that was meant, else the first mapping when a mapping was given. */
function variant(node: SchemaNode, value: unknown): SchemaNode {
  const alternatives = (node.oneOf ?? node.anyOf ?? []).filter(isNode);
  if (alternatives.length === 0 || typeof value !== "object" || value === null) return node;
  const mappings = alternatives.filter((each) => each.type === "object");
  const kinds = mappings.some((each) => kindOf(each) !== undefined);
  const meant = kinds ? meantKind(value) : undefined;
  return mappings.find((each) => meant === undefined || kindOf(each) === meant) ?? node;
}

function kindOf(node: SchemaNode): unknown {
  return asNode(node.properties?.kind)?.const;
}

function asNode(value: unknown): SchemaNode | null {
  return isNode(value) ? value : null;
}

/** JSON Schema also allows `true` and `false` in a schema's place. */
export function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null;
}
