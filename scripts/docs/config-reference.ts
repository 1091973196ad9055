/** Every key of the configuration as Markdown tables, from the schema and the comments in its source. */
import { describeSchema } from "../../config/describe-schema.ts";
import { configSchema, isNode } from "../../config/schema-tree.ts";
import type { SchemaNode } from "../../config/schema-tree.ts";
import { backendRows, modelRows, nestedRows, rowsOf } from "./config-rows.ts";
import type { Row } from "./config-rows.ts";
import { schemaComments } from "./schema-comments.ts";

interface Section {
  title: string;
  intro: string;
  rows: Row[];
}

/** `source` is the text of config/schema.ts. Throws when a key has no comment. */
export function configReference(source: string): string {
  const comments = schemaComments(source, "OrchestratorConfig");
  const root = configSchema();
  const sections = [
    { title: "Top level", intro: "", rows: rowsOf(root, "", "") },
    ...Object.entries(root.properties ?? {}).flatMap(([key, node]) =>
      isNode(node) ? sectionsOf(key, node, (path) => comments.get(path) ?? "") : [],
    ),
  ];
  const silent = sections
    .flatMap(({ rows }) => rows)
    .filter((row) => (comments.get(row.comment) ?? "") === "");
  if (silent.length > 0)
    throw new Error(`config/schema.ts has no comment on ${silent.map((row) => row.comment).join(", ")}`);
  return sections.map((section) => table(section, (path) => comments.get(path) ?? "")).join("\n\n");
}

type CommentOf = (path: string) => string;

function sectionsOf(key: string, node: SchemaNode, commentOf: CommentOf): Section[] {
  if (key === "backends") return backendSections(node, commentOf);
  if (key === "models") return modelSections(node, commentOf);
  const rows = nestedRows(node, "", key);
  return rows.length === 0 ? [] : [{ title: `\`${key}\``, intro: commentOf(key), rows }];
}

function modelSections(node: SchemaNode, commentOf: CommentOf): Section[] {
  const intro =
    "A serving endpoint of the workspace (`endpoint`), or any OpenAI-compatible server (`base_url` and `model`).";
  return [
    { title: "`models`", intro: commentOf("models"), rows: rowsOf(node, "", "models") },
    { title: "`models.<decision point>`", intro, rows: modelRows(node) },
  ];
}

function backendSections(node: SchemaNode, commentOf: CommentOf): Section[] {
  const { common, kinds } = backendRows(node);
  const names = kinds.map(({ kind }) => `\`${kind}\``).join(", ");
  const intro = `Keys of every backend, beside \`kind\` (required; one of ${names}) and the keys of its kind below.`;
  return [
    { title: "`backends[]`", intro, rows: common },
    ...kinds.map(({ kind, rows }) => ({
      title: `\`kind: ${kind}\``,
      intro: commentOf(`backends[${kind}]`),
      rows,
    })),
  ];
}

function table({ title, intro, rows }: Section, commentOf: CommentOf): string {
  const lines = rows.map((row) => {
    const cells = [
      `\`${row.key}\``,
      describeSchema(row.node),
      defaultOf(row),
      plainText(commentOf(row.comment)),
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const head = ["| Key | Takes | Default | Meaning |", "| --- | --- | --- | --- |"];
  return [`### ${title}`, ...(intro === "" ? [] : [plainText(intro)]), [...head, ...lines].join("\n")].join(
    "\n\n",
  );
}

function defaultOf(row: Row): string {
  if (row.required) return "required";
  const value = row.node.default;
  if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0))
    return "";
  return `\`${JSON.stringify(value)}\``;
}

/** References to sections of other documents mean nothing to the reader of this one. */
function plainText(comment: string): string {
  return comment.replace(/ \((contracts|DESIGN) section[^)]*\)/g, "");
}
