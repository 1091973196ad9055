/** From a tool's result to an answer: texts once, tables, and found documents as evidence. */
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { AnswerDraft } from "../answer-draft.ts";
import type { Evidence, Json } from "../backend.ts";
import { customTables } from "../evidence/custom-tables.ts";
import { safeUrl } from "../evidence/safe-url.ts";
import { statementResult } from "../genie/statement-result.ts";
import { asList, asObject, asObjects, asText, parseJson, type JsonObject } from "../json-fields.ts";
import { citedDocument } from "../responses/citations.ts";
import { structuredOf } from "./poll-tool.ts";

const MAX_ROWS = 500;

export function toolDraft(title: string, host: string, result: CallToolResult, payload: Json): AnswerDraft {
  const texts = [...new Set(result.content.flatMap((part) => (part.type === "text" ? [part.text] : [])))];
  const structured = structuredOf(result);
  const tables = structured === null ? [] : tablesOf(title, structured);
  const documents = [
    ...linkedDocuments(result, host),
    ...texts.flatMap((text) => foundDocuments(text, host)),
  ];
  const text = wordsOf(structured, tables, documents) ?? texts.join("\n\n");
  const evidence = [...tables, ...documents];
  if (evidence.length === 0 && text !== "") evidence.push({ kind: "text", title, text });
  return { text, evidence, payload };
}

/** The answer in words where the result has any; else a sentence about what was found, instead of raw JSON. */
function wordsOf(structured: JsonObject | null, tables: Evidence[], documents: Evidence[]): string | null {
  const answer = answerIn(structured);
  if (answer !== null) return answer;
  const [table] = tables;
  if (table?.kind === "table") {
    const only = table.rows.length === 1 && table.rows[0]?.length === 1 ? table.rows[0][0] : null;
    if (typeof only === "string") return only;
    if (table.rows.length === 1)
      return table.columns.map(({ name }, at) => `${name}: ${table.rows[0]?.[at] ?? ""}`).join(", ");
    return table.row_count === 1 ? "The tool returned 1 row." : `The tool returned ${table.row_count} rows.`;
  }
  if (documents.length === 0) return null;
  return documents
    .map((document) => `${document.title}: ${document.kind === "table" ? "" : document.text}`)
    .join("\n\n");
}

function answerIn(structured: JsonObject | null): string | null {
  return (
    asText(structured?.["final_answer"]) ?? asText(structured?.["answer"]) ?? asText(structured?.["text"])
  );
}

/** A statement's result, `{columns, rows}` of a table function, or `{tables}`. */
function tablesOf(title: string, structured: JsonObject): Evidence[] {
  const statement = structured["statement_response"] ?? structured;
  const result = statementResult(statement, MAX_ROWS);
  if (result !== null) {
    const statement_id = asText(asObject(statement)?.["statement_id"]) ?? undefined;
    return [{ kind: "table", title, ...result, statement_id }];
  }
  if (structured["tables"] !== undefined) return customTables(structured);
  if (asList(structured["columns"]).length === 0) return recordTable(title, structured);
  const truncated = structured["truncated"] === true || structured["is_truncated"] === true;
  return customTables({ tables: [{ ...structured, title, truncated }] });
}

/** One record of plain values is a table with one row; what stands beside an answer in words is its ids and status. */
function recordTable(title: string, record: JsonObject): Evidence[] {
  if (answerIn(record) !== null) return [];
  const columns = Object.keys(record);
  const plain = columns.length > 1 && columns.every((name) => typeof record[name] !== "object");
  return plain ? customTables({ tables: [{ title, columns, rows: [record] }] }) : [];
}

/** Vector search answers with a JSON list of rows that have a title or an address. */
function foundDocuments(text: string, host: string): Evidence[] {
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) return [];
  return asObjects(parsed).flatMap((row) => {
    const found = citedDocument(row, "", host);
    return found === null ? [] : [found];
  });
}

function linkedDocuments(result: CallToolResult, host: string): Evidence[] {
  return result.content.flatMap((part): Evidence[] => {
    if (part.type === "resource_link") {
      const text = part.description ?? part.name;
      return [{ kind: "document", title: part.title ?? part.name, url: safeUrl(part.uri, host), text }];
    }
    if (part.type !== "resource" || !("text" in part.resource)) return [];
    const { uri, text } = part.resource;
    return [{ kind: "document", title: uri, url: safeUrl(uri, host), text }];
  });
}
