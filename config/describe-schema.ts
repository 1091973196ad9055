/** What a place of the configuration takes, in words: for problems and for the documentation. */
import { isNode } from "./schema-tree.ts";
import type { SchemaNode } from "./schema-tree.ts";

export function describeSchema(node: SchemaNode | null): string {
  if (node === null) return "nothing here";
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return `one of ${node.enum.map(String).join(", ")}`;
  const alternatives = node.oneOf ?? node.anyOf;
  if (alternatives !== undefined) return describeAlternatives(alternatives);
  switch (node.type) {
    case "integer":
      return `a whole number${range(node)}`;
    case "number":
      return `a number${range(node)}`;
    case "boolean":
      return "true or false";
    case "array":
      return describeList(node);
    case "object":
      return "a mapping";
    case "string":
      return describeText(node);
    default:
      return "any value";
  }
}

function describeAlternatives(alternatives: readonly unknown[]): string {
  const parts = alternatives.map((each) => (isNode(each) ? describeSchema(each) : "any value"));
  return [...new Set(parts)].join(" or ");
}

function describeList(node: SchemaNode): string {
  const item = Array.isArray(node.items) ? node.items[0] : node.items;
  const of = isNode(item) ? `a list, each ${describeSchema(item)}` : "a list";
  return (node.minItems ?? 0) > 0 ? `${of}; at least ${node.minItems}` : of;
}

function describeText(node: SchemaNode): string {
  if (node.format === "uri") return "a URL such as https://host/path";
  if (node.pattern !== undefined) return `text that matches ${node.pattern}`;
  if ((node.minLength ?? 0) > 1) return `text of at least ${node.minLength} characters`;
  return node.minLength === 1 ? "text, not empty" : "text";
}

function range({ exclusiveMinimum, minimum, maximum }: SchemaNode): string {
  const top = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : null;
  if (exclusiveMinimum !== undefined) return ` over ${exclusiveMinimum}`;
  if (minimum === undefined) return top === null ? "" : ` of at most ${top}`;
  return top === null ? ` of at least ${minimum}` : ` from ${minimum} to ${top}`;
}
