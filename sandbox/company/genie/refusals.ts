/** Recognises what the space cannot answer: forecasts, documents, actions, and everything outside the business. */
import type { Directory } from "../directory.ts";
import type { Draft } from "./draft.ts";

const HOLDS =
  "I answer from the tables on customers, subscriptions, usage, invoices and support tickets, October 2024 to September 2026.";

const FORECAST =
  /\b(likely|likelihood|predict\w*|forecast\w*|probab\w*|propensity|at[- ]risk|risk (?:score|of)|going to (?:churn|leave|cancel)|will (?:\w+ )?(?:churn|leave|cancel)|expected? to (?:churn|leave))\b/i;
const DOCUMENT =
  /\b(polic(?:y|ies)|playbooks?|guidelines?|procedures?|handbook|rules?|entitled|allowed|permitted|terms and conditions|sla|runbook|according to our|documents?|refund window|best practice)\b/i;
const ACTION =
  /^\s*(?:please |can you |could you )*(?:create|send|write|e-?mail|update|delete|cancel|refund|book|schedule|draft|change the|drop|insert|call)\b/i;
const REASON = /^\s*(?:and |but |so )?why\b/i; // prettier-ignore

/** The reason why the question is not answered, or null. Named customers beside a figure are always looked up. */
export function refusal(question: string, draft: Draft, directory: Directory): string | null {
  const hasFigure = draft.measures.length > 0 || draft.attributes.length > 0;
  const named = draft.customers.length > 0 && hasFigure;
  if (ACTION.test(question)) return `I only read data and cannot do that. ${HOLDS}`;
  const stranger = unknownName(draft);
  if (stranger && draft.customers.length === 0) {
    const similar = directory.similar(stranger);
    const hint = similar.length > 0 ? ` Similar names: ${similar.join(", ")}.` : "";
    return `I know nothing called "${stranger}" in these tables.${hint} ${HOLDS}`;
  }
  if (named) return null;
  if (FORECAST.test(question)) return `I cannot predict who will churn or score risk. ${HOLDS} A churn model has to answer that.`;
  if (DOCUMENT.test(question) && !hasFigure) return `Policies and other documents are not part of this space. ${HOLDS}`;
  if (REASON.test(question) && !hasFigure) return `The tables hold no reasons. ${HOLDS}`;
  if (!hasFigure && !draft.listing && draft.unknown.length > 0 && !draft.roles.has("vague") && !onlyRefines(draft)) {
    return `I cannot answer that. ${HOLDS}`;
  }
  return draft.unknown.length > 3 && draft.unknown.length > 2 * draft.measures.length + 2 ? `I do not understand enough of that question: ${draft.unknown.map((w) => w.raw).join(", ")}. ${HOLDS}` : null;
} // prettier-ignore

function onlyRefines(draft: Draft): boolean {
  return (
    draft.filters.length + draft.dimensions.length + draft.windows.length > 0 && draft.unknown.length < 2
  );
}

/** A capitalised stretch that is neither a customer nor a known word. */
function unknownName(draft: Draft): string | null {
  return draft.unknown.find((word) => word.capital && word.raw.length > 2)?.raw ?? null;
}
