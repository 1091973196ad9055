/** A statement without its comments, strings and quoted names: what is left are keywords, names and signs. */

const HIDDEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`/g;

/** Strings and quoted names become `''`, comments a space. */
export function stripSql(sql: string): string {
  return sql
    .replace(HIDDEN, (found) => (found.startsWith("--") || found.startsWith("/*") ? " " : "''"))
    .trim();
}
