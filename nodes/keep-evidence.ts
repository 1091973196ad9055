/** Puts what a backend returned into the evidence store and leaves references with a preview in state. */
import type { Evidence, Json } from "../backends/backend.ts";
import type { EvidenceStore } from "./run-context.ts";
import type { EvidenceRef } from "./state.ts";

const PREVIEW_LIMIT = 600;
const PREVIEW_ROWS = 5;

export async function keepEvidence(
  step: string,
  evidence: Evidence[],
  store: EvidenceStore,
): Promise<EvidenceRef[]> {
  return Promise.all(
    evidence.map(async (item, index) => ({
      id: `${step}.e${index + 1}`,
      kind: item.kind,
      title: item.title,
      url: item.url ?? null,
      preview: preview(item).slice(0, PREVIEW_LIMIT),
      hash: await store.put(item as Json),
    })),
  );
}

function preview(item: Evidence): string {
  if (item.kind !== "table") return item.text;
  const rows = item.rows.slice(0, PREVIEW_ROWS).map((row) => row.map((cell) => cell ?? "").join(" | "));
  return [item.columns.map((column) => column.name).join(" | "), ...rows].join("\n");
}
