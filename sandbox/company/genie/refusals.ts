/** Recognises what the space cannot answer: forecasts, documents, actions, and everything outside the business. */
import type { Directory } from "../directory.ts";
import type { Draft } from "./draft.ts";
import { isMembership } from "./measures.ts";
import type { Spec } from "./spec.ts";

const HOLDS =
  "I answer from the tables on customers, subscriptions, usage, invoices and support tickets, October 2024 to September 2026.";

const FORECAST =
  /\b(likely|likelihood|predict\w*|forecast\w*|probab\w*|propensity|at[- ]risk|risk(?:y|iest|s)?|(?:going|about) to (?:churn|leave|cancel)|will (?:\w+ )?(?:churn|leave|cancel)|expected? to (?:churn|leave))\b/i;
const DOCUMENT =
  /\b(polic(?:y|ies)|playbooks?|guidelines?|procedures?|handbook|rules?|entitled|allowed|permitted|terms and conditions|sla|runbook|documents?|documentation|best practices?)\b/i;
const ACTION =
  /^\s*(?:please |can you |could you )*(?:create|send|write|e-?mail|update|delete|cancel|refund|book|schedule|draft|change the|drop|insert|call|(?:open|raise|close|set|assign|mark|add|remove|issue|file) (?:a|an|the|this|that|my))\b/i;
const REASON = /\bwhy\b|\breasons?\b/i;
const WHY = /^\s*why\b/i;
const TOO_FINE = /\b(?:daily|hourly)\b|\b(?:by|per|each|every) (?:day|week|hour)\b|\bweekly\b(?! (?:active )?users)(?! active)/i; // prettier-ignore

const RISK_CLAUSE =
  /\b(?:(?:the )?(?:most|least|very|highly) )?(?:likely|expected|about|going) to (?:churn|leave|cancel)(?: us)?(?: (?:in the )?next (?:month|quarter|year))?|\bat[- ]risk(?: of \w+)?/gi;

/** Named customers may come with the reason why somebody looks at them: "most likely to churn next quarter". */
export function withoutForecast(question: string): string {
  return question.replace(RISK_CLAUSE, (clause) => " ".repeat(clause.length));
}

/** The reason why the question is not answered, or null. Named customers beside a figure are always looked up. */
export function refusal(question: string, draft: Draft, directory: Directory): string | null {
  const hasFigure = draft.measures.length + draft.attributes.length + draft.conditions.length > 0;
  const named = draft.customers.length > 0;
  if (ACTION.test(question)) return `I only read data and cannot do that. ${HOLDS}`;
  if (draft.stranger !== null)
    return `I cannot answer that: the tables hold no "${draft.stranger}". ${HOLDS}`;
  if (named && hasFigure) return null;
  const stranger = unknownName(draft);
  if (stranger !== null && !named) {
    const similar = directory.similar(stranger);
    const hint = similar.length > 0 ? ` Similar names: ${similar.join(", ")}.` : "";
    return `I know nothing called "${stranger}" in these tables.${hint} ${HOLDS}`;
  }
  if (FORECAST.test(question))
    return `I cannot predict anything or score risk. ${HOLDS} For churn, ask the churn model.`;
  if (DOCUMENT.test(question)) return `Policies and other documents are not part of this space. ${HOLDS}`;
  if (TOO_FINE.test(question) && !draft.measures.includes("weekly_active_users"))
    return `The smallest step of a course is a month. ${HOLDS}`;
  const isBareEvent = WHY.test(question) && draft.measures.every(isMembership) && draft.windows.length === 0;
  if (REASON.test(question) && (!hasFigure || isBareEvent)) return `The tables hold no reasons. ${HOLDS}`;
  const isAboutOther = named && draft.dimensions.length === 0 && draft.unknown.length > 0;
  return isAboutOther || isForeign(draft, hasFigure)
    ? `I cannot answer that${unknownWords(draft)}. ${HOLDS}`
    : null;
}

function unknownWords({ unknown }: Draft): string {
  const words = [...new Set(unknown.map((word) => word.raw))].slice(0, 3);
  return words.length === 0
    ? ""
    : `: the tables hold nothing on ${words.map((word) => `"${word}"`).join(", ")}`;
}

/** Many words that belong to nothing, or any where nothing else is said. */
function isForeign(draft: Draft, hasFigure: boolean): boolean {
  const understood =
    draft.filters.length +
    draft.dimensions.filter((d) => d !== "customer").length +
    draft.windows.length +
    draft.customers.length;
  if (!draft.solid && draft.unknown.length > 0) return true;
  const isRows = draft.listing || draft.bareCustomers || draft.counted !== null;
  if (isRows && !hasFigure && understood === 0) return draft.unknown.length > 0;
  if (hasFigure || isRows) return draft.unknown.length > 3 + understood;
  if (draft.roles.has("vague")) return draft.unknown.length > 1;
  return draft.unknown.length > (understood > 0 ? 1 : 0);
}

/** What an answer has to add: words without a meaning here, and reasons, which no table holds. */
export function caveats(question: string, draft: Draft, spec: Spec): string {
  const used = new Set<string>([
    ...spec.filters.map((f) => f.dimension),
    ...spec.dimensions,
    ...spec.attributes,
  ]);
  const unused = draft.filters.filter((f) => !used.has(f.dimension)).flatMap((f) => f.values);
  const isRanked = spec.dimensions.length > 0 || spec.biggest !== null || draft.comparative;
  const words = [
    ...new Set([...draft.unknown.map((word) => word.raw), ...draft.unused, ...unused]),
    ...(draft.order !== null && !isRanked ? ["the ranking"] : []),
  ];
  const hasShare =
    !spec.share ||
    spec.dimensions.length > 0 ||
    spec.part.length > 0 ||
    spec.per !== null ||
    spec.biggest !== null;
  return [
    ...draft.slips.map(({ typed, meant }) => `I read "${typed}" as "${meant}".`),
    ...(hasShare ? [] : ["For a share, name a breakdown, such as by region."]),
    ...(REASON.test(question) ? ["The tables show figures, not reasons."] : []),
    ...(words.length > 0 ? [`Not taken into account: ${words.join(", ")}.`] : []),
  ].join(" ");
}

/** A capitalised word that is neither a customer nor anything known. */
function unknownName(draft: Draft): string | null {
  return draft.unknown.find((word) => word.capital && word.raw !== "I")?.raw ?? null;
}
