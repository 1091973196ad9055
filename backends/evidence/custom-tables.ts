/** `custom_outputs.tables` of an agent's answer as evidence: `[{title, columns, rows}]`. */
import type { Cell, Evidence, Json } from "../backend.ts";
import { asList, asNumber, asObject, asText } from "../json-fields.ts";

const MAX_ROWS = 500;

/** Columns are names or `{name, type}`; rows are lists or objects. What has no columns is no table. */
export function customTables(custom_outputs: Json | undefined): Evidence[] {
  return asList(asObject(custom_outputs)?.["tables"]).flatMap((value) => {
    const table = asObject(value);
    const columns = asList(table?.["columns"]).flatMap(columnOf);
    if (table === null || columns.length === 0) return [];
    const all = asList(table["rows"]);
    const rows = all.slice(0, MAX_ROWS).map((row) => cellsOf(row, columns));
    const row_count = asNumber(table["row_count"]) ?? all.length;
    return [
      {
        kind: "table" as const,
        title: asText(table["title"]) ?? "Table",
        description: asText(table["description"]) ?? undefined,
        columns,
        rows,
        row_count,
        truncated: table["truncated"] === true || row_count > rows.length,
      },
    ];
  });
}

function columnOf(value: Json): { name: string; type: string }[] {
  if (typeof value === "string") return [{ name: value, type: "" }];
  const name = asText(asObject(value)?.["name"]);
  const type = asObject(value)?.["type"] ?? asObject(value)?.["type_name"];
  return name === null ? [] : [{ name, type: asText(type) ?? "" }];
}

function cellsOf(row: Json, columns: { name: string }[]): Cell[] {
  const object = asObject(row);
  const cells = object === null ? asList(row) : columns.map(({ name }) => object[name] ?? null);
  return columns.map((_, at) => cellOf(cells[at]));
}

function cellOf(value: Json | undefined): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}
