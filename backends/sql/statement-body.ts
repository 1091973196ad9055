/** A statement with its values bound, never pasted (Statement Execution API). */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { Json } from "../backend.ts";
import type { SqlStatement } from "./choose-statement.ts";
import { stripSql } from "./strip-sql.ts";

/** Largest result the warehouse sends, in bytes. */
const BYTE_LIMIT = 4_000_000;

export function statementBody(
  config: BackendConfigOf<"sql">,
  statement: SqlStatement,
  question: string,
): Json {
  const parameters: Json[] = statement.parameters
    .filter(({ name }) => name !== "question")
    .map(({ name, type, default: value }) => ({ name, type, ...(value !== undefined && { value }) }));
  if (/:question\b/.test(stripSql(statement.sql)))
    parameters.push({ name: "question", type: "STRING", value: question });
  return {
    warehouse_id: config.target,
    statement: statement.sql,
    ...(config.catalog !== undefined && { catalog: config.catalog }),
    ...(config.schema !== undefined && { schema: config.schema }),
    parameters,
    row_limit: config.max_rows,
    byte_limit: BYTE_LIMIT,
    format: "JSON_ARRAY",
    disposition: "INLINE",
    // Its id comes at once, so that it can be stopped when nobody waits any more.
    wait_timeout: "0s",
    on_wait_timeout: "CONTINUE",
  };
}
