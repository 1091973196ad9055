/** The keys of the configuration schema as rows: `limits.streams`, `statements[].sql`. */
import { isNode } from "../../config/schema-tree.ts";
import type { SchemaNode } from "../../config/schema-tree.ts";

export interface Row {
  key: string;
  node: SchemaNode;
  required: boolean;
  /** Path of the comment above the key. */
  comment: string;
}

export function rowsOf(node: SchemaNode, prefix: string, path: string): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    if (!isNode(value)) return [];
    const required = node.required?.includes(key) ?? false;
    return [{ key: prefix + key, node: value, required, comment: path === "" ? key : `${path}.${key}` }];
  });
}

/** With the keys of the mappings inside. */
export function nestedRows(node: SchemaNode, prefix: string, path: string): Row[] {
  return rowsOf(node, prefix, path).flatMap((row) => {
    const list = row.node.type === "array" ? asNode(row.node.items) : null;
    const inner = list ?? row.node;
    if (inner.properties === undefined) return [row];
    return [row, ...nestedRows(inner, `${row.key}${list === null ? "" : "[]"}.`, row.comment)];
  });
}

/** The keys of a chat model. */
export function modelRows(models: SchemaNode): Row[] {
  const alternatives = asNode(models.properties?.router)?.anyOf ?? [];
  const model = alternatives.filter(isNode).find((each) => each.type === "object");
  return model === undefined ? [] : nestedRows(model, "", "models.router");
}

/** The keys that every backend has, and those of each kind. */
export function backendRows(backends: SchemaNode): { common: Row[]; kinds: { kind: string; rows: Row[] }[] } {
  const kinds = asNode(backends.items)?.oneOf?.filter(isNode) ?? [];
  const shared = sharedKeys(kinds);
  const common = kinds.slice(0, 1).flatMap((kind) => nestedRows(kind, "", "backends"));
  return {
    common: common.filter((row) => shared.has(rootKey(row))),
    kinds: kinds.map((node) => {
      const kind = String(asNode(node.properties?.kind)?.const);
      const rows = nestedRows(node, "", `backends[${kind}]`);
      return { kind, rows: rows.filter((row) => row.key !== "kind" && !shared.has(rootKey(row))) };
    }),
  };
}

/** `target` is a key of every kind, but means another thing in each. */
function sharedKeys(kinds: readonly SchemaNode[]): Set<string> {
  const [first, ...others] = kinds.map((kind) => Object.keys(kind.properties ?? {}));
  const shared = (first ?? []).filter((key) => others.every((keys) => keys.includes(key)));
  return new Set(shared.filter((key) => key !== "kind" && key !== "target"));
}

function rootKey(row: Row): string {
  return row.key.split(/[.[]/)[0] ?? row.key;
}

function asNode(value: unknown): SchemaNode | null {
  return isNode(value) ? value : null;
}
