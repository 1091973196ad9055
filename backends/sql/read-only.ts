/** Whether a configured statement only reads. It is checked once, at the start. */
import { stripSql } from "./strip-sql.ts";

const BEGINNINGS = /^\(*\s*(SELECT|WITH|SHOW|DESCRIBE|DESC|EXPLAIN|VALUES|TABLE|FROM)\b/i;

const WRITING =
  /\b(INSERT|UPDATE|DELETE|MERGE|CREATE|DROP|ALTER|TRUNCATE|GRANT|REVOKE|COPY|CALL|EXECUTE|SET|USE|REFRESH|OPTIMIZE|VACUUM|REPAIR|RESTORE|CLONE|UNDROP|CACHE|UNCACHE|ANALYZE|MSCK|LOAD|BEGIN|DECLARE|COMMENT|SYNC|PUT|REMOVE|KILL)\b(?!\s*\()/i;

/** Null for a single reading statement, else the reason in a few words. */
export function whyNotReadOnly(sql: string): string | null {
  const plain = stripSql(sql).replace(/;\s*$/, "");
  if (plain.includes(";")) return "more than one statement";
  if (!BEGINNINGS.test(plain)) return "does not begin with SELECT or WITH";
  const [, word] = WRITING.exec(plain) ?? [];
  return word === undefined ? null : `uses ${word.toUpperCase()}`;
}
