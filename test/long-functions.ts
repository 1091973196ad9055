/** Functions of a file that are longer than they should be, each with its number of lines. */
import { readFileSync } from "node:fs";
import ts from "typescript";

/** Named `path name`; a function without a name is called after what it is assigned to. */
export function longFunctions(path: string, limit: number): [name: string, lines: number][] {
  const text = readFileSync(path, "utf8");
  if (text.split("\n").length <= limit) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: [string, number][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const lines = lineOf(source, node.getEnd()) - lineOf(source, node.getStart()) + 1;
      if (lines > limit) found.push([`${path} ${nameOf(node)}`, lines]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const { parent } = node;
  const assigned = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name : null;
  return (node.name ?? assigned)?.getText() ?? "(anonymous)";
}
