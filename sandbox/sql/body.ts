/** A statement as the Statement Execution API and the managed SQL MCP show it. */
import { manifestOf } from "../genie/statement.ts";
import type { Statement } from "./statements.ts";

export function statementBody({ id, state, result, error, row_limit }: Statement) {
  const status = { state, ...(error ? { error } : {}) };
  if (state !== "SUCCEEDED" || !result) return { statement_id: id, status };
  const rows = result.rows.slice(0, row_limit);
  const truncated = rows.length < result.rows.length;
  return {
    statement_id: id,
    status,
    manifest: { ...manifestOf(result, rows.length, truncated), total_chunk_count: 1 },
    result: { chunk_index: 0, row_offset: 0, row_count: rows.length, data_array: rows },
  };
}
