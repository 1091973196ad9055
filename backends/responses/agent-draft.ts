/** From what was collected to an answer with evidence: text without footnotes, documents, tables. */
import type { Evidence, Json } from "../backend.ts";
import type { AnswerDraft } from "../answer-draft.ts";
import { customTables } from "../evidence/custom-tables.ts";
import { citedDocument, distinctDocuments, footnoteDocument, type Document } from "./citations.ts";
import type { Collected } from "./collector.ts";
import { splitFootnotes } from "./footnotes.ts";

export function agentDraft(collected: Collected, payload: Json, host: string): AnswerDraft {
  const texts: string[] = [];
  const documents: Document[] = [];
  for (const message of collected.messages) {
    const { text, notes } = splitFootnotes(message.text);
    if (text !== "") texts.push(text);
    documents.push(...message.annotations.flatMap((value) => citedDocument(value, message.text, host) ?? []));
    documents.push(...notes.flatMap((note) => footnoteDocument(note, host) ?? []));
  }
  const text = texts.join("\n\n");
  documents.push(...collected.annotations.flatMap((value) => citedDocument(value, text, host) ?? []));
  const evidence: Evidence[] = [...distinctDocuments(documents), ...customTables(collected.custom_outputs)];
  return {
    text,
    evidence,
    payload,
    trace_id: collected.trace_id,
    request_id: collected.request_id,
    model: collected.model,
    usage: collected.usage ?? undefined,
  };
}
