/** Reads the comments of the configuration schema from its source, by the path of the key that they stand above. */
import ts from "typescript";

/** Keys are `budgets.max_steps`, `backends.timeout_ms` or, for what only one kind has, `backends[genie].transport`. */
export type SchemaComments = ReadonlyMap<string, string>;

export function schemaComments(source: string, root: string): SchemaComments {
  const file = ts.createSourceFile("schema.ts", source, ts.ScriptTarget.Latest, true);
  const comments = new Map<string, string>();
  walker(constants(file), comments)(ts.factory.createIdentifier(root), "", "");
  return comments;
}

interface Constant {
  value: ts.Expression;
  comment: string;
}

function constants(file: ts.SourceFile): Map<string, Constant> {
  const found = new Map<string, Constant>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined || !ts.isIdentifier(name)) continue;
      found.set(name.text, { value: initializer, comment: commentOf(statement) });
    }
  }
  return found;
}

type Walk = (node: ts.Expression, path: string, note: string) => void;

/** `note` is the comment of the constant that is being read; a comment above the key itself wins over it. */
function walker(known: ReadonlyMap<string, Constant>, comments: Map<string, string>): Walk {
  const walk: Walk = (node, path, note) => {
    if (ts.isIdentifier(node)) {
      const constant = known.get(node.text);
      if (constant !== undefined) walk(constant.value, path, constant.comment);
    } else if (ts.isObjectLiteralExpression(node)) {
      walkObject(node, path, note, comments, walk);
    } else if (ts.isCallExpression(node)) {
      walkCall(node, path, note, walk);
    } else if (ts.isArrayLiteralExpression(node)) {
      for (const element of node.elements) walk(element, path, note);
    }
  };
  return walk;
}

function walkObject(
  node: ts.ObjectLiteralExpression,
  path: string,
  note: string,
  comments: Map<string, string>,
  walk: Walk,
) {
  const kind = kindOf(node);
  const own = kind === null ? path : `${path}[${kind}]`;
  if (note !== "" && !comments.has(own)) comments.set(own, note);
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) walk(property.expression, path, "");
    if (!ts.isPropertyAssignment(property)) continue;
    const below = `${own}${own === "" ? "" : "."}${property.name.getText()}`;
    const comment = commentOf(property);
    if (comment !== "") comments.set(below, comment);
    walk(property.initializer, below, "");
  }
}

/** `z.strictObject({...})` leads into its argument, `X.default(...)` back to X. */
function walkCall(node: ts.CallExpression, path: string, note: string, walk: Walk): void {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee)) return;
  const isZod = ts.isIdentifier(callee.expression) && callee.expression.text === "z";
  const inner = isZod ? node.arguments.at(-1) : callee.expression;
  if (inner !== undefined) walk(inner, path, note);
}

/** The kind of a backend's schema: the mapping with `kind: z.literal("...")`. */
function kindOf(node: ts.ObjectLiteralExpression): string | null {
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== "kind") continue;
    const call = property.initializer;
    if (!ts.isCallExpression(call) || call.expression.getText() !== "z.literal") return null;
    const argument = call.arguments[0];
    return argument !== undefined && ts.isStringLiteral(argument) ? argument.text : null;
  }
  return null;
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text =
    comment !== undefined && ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) : undefined;
  return (text ?? "").replace(/\s+/g, " ").trim();
}
