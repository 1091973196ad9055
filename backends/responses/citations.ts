/** Citations in every known form become documents (contracts sections 1 and 4). */
import type { Evidence, Json } from "../backend.ts";
import { safeUrl } from "../evidence/safe-url.ts";
import { asNumber, asObject, asText, type JsonObject } from "../json-fields.ts";
import type { Footnote } from "./footnotes.ts";

export type Document = Extract<Evidence, { kind: "document" }>;

/**
 * `url_citation` (flat, or nested as in chat completions), `file_citation`, and the legacy
 * `{source, title, url, snippet}`. `text` is the text part that the annotation belongs to, for its positions.
 */
export function citedDocument(annotation: Json, text: string, host: string): Document | null {
  const outer = asObject(annotation);
  if (outer === null) return null;
  const cited = asObject(outer["url_citation"]) ?? asObject(outer["file_citation"]) ?? outer;
  const address = asText(cited["url"]) ?? asText(cited["source"]) ?? asText(cited["doc_uri"]);
  const title = asText(cited["title"]) ?? asText(cited["filename"]) ?? lastPart(address);
  if (title === null) return null;
  const url = asText(cited["url"]) ?? asText(cited["doc_uri"]);
  return { kind: "document", title, url: safeUrl(url, host), text: passage(cited, text) ?? title };
}

/** A footnote's text is a link, an address, or the words of the source themselves. */
export function footnoteDocument(note: Footnote, host: string): Document | null {
  if (note.text === "") return null;
  const [, label, target] = /\[([^\]]+)\]\(([^)\s]+)\)/.exec(note.text) ?? [];
  const bare = /https?:\/\/[^\s)>\]]+/.exec(note.text)?.[0];
  const address = target ?? bare;
  const words = note.text
    .replace(/\[[^\]]+\]\([^)\s]+\)/, "")
    .replace(target === undefined ? (bare ?? "") : "", "")
    .replace(/^[\s:,;–-]+|[\s:,;–-]+$/g, "");
  const title = label ?? lastPart(address ?? null) ?? (words.length > 80 ? `${words.slice(0, 79)}…` : words);
  const text = [words, note.sentence, title].find((each) => each !== "") ?? title;
  return { kind: "document", title, url: safeUrl(address, host), text };
}

/** Each source once; a passage that says more wins over a bare title. */
export function distinctDocuments(documents: Document[]): Document[] {
  const found = new Map<string, Document>();
  for (const document of documents) {
    const key = `${document.url ?? ""} ${document.title} ${document.text}`;
    const bare = `${document.url ?? ""} ${document.title} ${document.title}`;
    if (document.text !== document.title) found.delete(bare);
    else if (
      [...found.values()].some((known) => known.url === document.url && known.title === document.title)
    )
      continue;
    found.set(key, document);
  }
  return [...found.values()];
}

/** The source's own words where they came along, else the words of the answer that rest on it. */
function passage(cited: JsonObject, text: string): string | null {
  for (const field of ["snippet", "quote", "content", "text", "cited_text"]) {
    const words = asText(cited[field]);
    if (words !== null && words.trim() !== "") return words;
  }
  const start = asNumber(cited["start_index"]);
  const end = asNumber(cited["end_index"]);
  if (start === null || end === null || start < 0 || end <= start) return null;
  const words = text.slice(start, end).trim();
  return words === "" ? null : words;
}

function lastPart(address: string | null): string | null {
  if (address === null) return null;
  const path = address.split(/[?#]/)[0] ?? "";
  const part = path.split("/").findLast((piece) => piece !== "");
  if (part === undefined) return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
