/** The answer without a model: a section per finding, tables for rows, numbered citations, what is missing. Pure. */
import type { Evidence } from "../backends/backend.ts";
import { harmless, markdownTable } from "./markdown-table.ts";
import type { EvidenceByHash, Source } from "./sources.ts";
import type { Finding } from "./state.ts";

const TABLE = { rows: 25, columns: 10 };

export interface Composable {
  findings: Finding[];
  sources: Source[];
  evidence: EvidenceByHash;
}

/** Blocks in order; joined they are the answer. Each ends with its own white space, so they can be streamed. */
export function compose({ findings, sources, evidence }: Composable): string[] {
  const answered = findings.filter((finding) => finding.status === "ok" || finding.status === "clarify");
  const headed = answered.length > 1;
  const blocks = answered.flatMap((finding) => section(finding, headed, sources, evidence));
  return [...blocks, ...missingBlock(findings)].map((block, index, all) =>
    index === all.length - 1 ? block : `${block}\n\n`,
  );
}

function section(finding: Finding, headed: boolean, sources: Source[], evidence: EvidenceByHash): string[] {
  const own = sources.filter((source) =>
    finding.evidence.some((reference) => reference.hash === source.reference.hash),
  );
  const heading = headed ? [`### ${title(finding.backend)}`] : [];
  if (finding.clarification !== null) return [...heading, clarification(finding)];
  const told = own.filter((source) => isTold(evidence.get(source.reference.hash), finding.text));
  const shown = own.filter((source) => !told.includes(source));
  return [...heading, ...prose(finding, own, told, evidence), ...tables(shown, evidence)];
}

/** Whether the text already holds every cell of the first two columns: then the table would only repeat it. */
function isTold(item: Evidence | undefined, text: string): boolean {
  if (item?.kind !== "table" || item.rows.length === 0) return false;
  const cells = item.rows.flatMap((row) => row.slice(0, 2)).filter((cell) => cell !== null);
  return cells.every((cell) => text.includes(String(cell)));
}

/** The backend's text, with a marker after each passage that a document backs, or at the end. */
function prose(finding: Finding, own: Source[], told: Source[], evidence: EvidenceByHash): string[] {
  const paragraphs = harmless(finding.text)
    .trim()
    .split(/\n{2,}/)
    .filter(Boolean);
  if (paragraphs.length === 0) return [];
  const markers = paragraphs.map(() => [] as number[]);
  for (const source of own) {
    if (source.reference.kind === "table" && !told.includes(source)) continue;
    markers[backedParagraph(paragraphs, passageOf(evidence.get(source.reference.hash)))]?.push(source.n);
  }
  return paragraphs.map((paragraph, index) => `${paragraph}${marks(markers[index] ?? [])}`);
}

function passageOf(item: Evidence | undefined): string {
  if (item === undefined) return "";
  return item.kind === "table" ? item.rows.flat().join(" ") : item.text;
}

/** The paragraph that shares most words with the passage; the last one when none does. */
function backedParagraph(paragraphs: string[], passage: string): number {
  const wanted = wordSet(passage);
  let best = paragraphs.length - 1;
  let most = 0;
  for (const [index, paragraph] of paragraphs.entries()) {
    const shared = [...wordSet(paragraph)].filter((word) => wanted.has(word)).length;
    if (shared > most) [best, most] = [index, shared];
  }
  return best;
}

function wordSet(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []);
}

function tables(own: Source[], evidence: EvidenceByHash): string[] {
  return own.flatMap((source) => {
    const item = evidence.get(source.reference.hash);
    if (item?.kind !== "table" || item.rows.length === 0) return [];
    return [`**${harmless(item.title)}** [${source.n}]`, markdownTable(item, TABLE)];
  });
}

function marks(numbers: number[]): string {
  return numbers.length === 0 ? "" : ` ${numbers.map((n) => `[${n}]`).join(" ")}`;
}

function clarification(finding: Finding): string {
  const options = finding.clarification?.options ?? [];
  const asked = `${title(finding.backend)} asks back: ${harmless(finding.clarification?.question ?? finding.text)}`;
  return [asked, ...options.map((option) => `- ${harmless(option)}`)].join("\n");
}

function missingBlock(findings: Finding[]): string[] {
  const gaps = findings.filter((finding) => finding.status === "failed" || finding.status === "skipped");
  if (gaps.length === 0) return [];
  const lines = gaps.map((gap) => `- ${title(gap.backend)}: ${gap.error?.message ?? "No answer."}`);
  return [`**What is missing**\n\n${lines.join("\n")}`];
}

/** `revenue_genie` reads as "Revenue genie". */
export function title(backend: string): string {
  const words = backend.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
