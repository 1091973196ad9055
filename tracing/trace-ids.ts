/** The forms in which one trace is named (contracts section 7, "Ids"). */

const FORMS = /^(?:tr-|trace:\/[^/]+\/)?([0-9a-f]{32})$/;

/** OpenTelemetry's hex id out of `tr-<hex>`, `trace:/<location>/<hex>` or the hex itself; anything else as it is. */
export function plainTraceId(id: string): string {
  return FORMS.exec(id)?.[1] ?? id;
}
