/** `statement_response` in either row shape: protobuf values or plain arrays (contracts sections 3a and 3b). */
import { asList, asNumber, asObject, asText } from "../json-fields.ts";
import type { Cell, Json } from "../backend.ts";
import { typedCell } from "../evidence/typed-cell.ts";
import type { GenieResult } from "./genie-message.ts";

/** Null when there are no rows to read: still running, closed, or expired. */
export function statementResult(statement_response: Json | undefined, max_rows: number): GenieResult | null {
  const statement = asObject(statement_response);
  const manifest = asObject(statement?.["manifest"]);
  if (statement === null || manifest === null) return null;
  const columns = columnsOf(manifest["schema"]);
  const data = asList(asObject(statement["result"])?.["data_array"]);
  const rows = data.slice(0, max_rows).map((row) => cellsOf(row, columns));
  const row_count = asNumber(manifest["total_row_count"]) ?? data.length;
  return { columns, rows, row_count, truncated: manifest["truncated"] === true || rows.length < row_count };
}

/** State of the statement, e.g. `SUCCEEDED`, `RUNNING`, `CLOSED`; empty when it is not given. */
export function statementState(statement_response: Json | undefined): string {
  return asText(asObject(asObject(statement_response)?.["status"])?.["state"]) ?? "";
}

function columnsOf(schema: Json | undefined): { name: string; type: string }[] {
  return asList(asObject(schema)?.["columns"]).map((value, at) => {
    const column = asObject(value);
    const type = asText(column?.["type_name"]) ?? asText(column?.["type_text"]) ?? "";
    return { name: asText(column?.["name"]) ?? `column_${at + 1}`, type };
  });
}

function cellsOf(row: Json, columns: { type: string }[]): Cell[] {
  const values = asObject(row)?.["values"];
  const cells = values === undefined ? asList(row) : asList(values).map(protobufValue);
  return columns.map(({ type }, at) => typedCell(cells[at], type));
}

/** `{string_value}`, `{null_value}` or `{}`. */
function protobufValue(value: Json): Json {
  const object = asObject(value);
  if (object === null) return value;
  return object["string_value"] ?? object["number_value"] ?? object["bool_value"] ?? null;
}
