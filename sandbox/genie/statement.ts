/** A query's result as `statement_response`, with rows in the form of either Genie API. */
import type { SqlResult } from "../company/contract.ts";
import type { GenieMessage } from "./message.ts";

/** Manifest of the Statement Execution API. `total` counts the rows that exist, kept here or not. */
export function manifestOf(result: SqlResult, total: number, truncated: boolean) {
  const columns = result.columns.map(({ name, type_name }, position) => ({
    name,
    type_name,
    type_text: type_name,
    position,
  }));
  const schema = { column_count: columns.length, columns };
  return { format: "JSON_ARRAY", schema, total_row_count: total, truncated };
}

/** The REST API writes rows as arrays of texts. */
export function textRows(result: SqlResult) {
  return { data_array: result.rows };
}

/** Managed MCP writes rows as protobuf values; NULL is an empty object or a null value. */
export function valueRows(result: SqlResult) {
  const data_array = result.rows.map((row, index) => ({
    values: row.map((cell) => {
      if (cell !== null) return { string_value: cell };
      return index % 2 === 0 ? {} : { null_value: "NULL_VALUE" };
    }),
  }));
  return { data_array };
}

/** `rows` null: the result is no longer (or not yet) there. */
export function statementResponse(
  message: GenieMessage,
  state: string,
  rows: typeof textRows | typeof valueRows | null,
) {
  const query = message.reply?.query;
  const head = { statement_id: message.statement_id, status: { state } };
  if (!query || !rows) return head;
  const manifest = manifestOf(query.result, query.row_count, query.truncated);
  return { ...head, manifest, result: rows(query.result) };
}
