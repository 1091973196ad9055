/** Decides what a draft is: a new question, a follow-up to the last one, or too vague to answer. */
import { complete } from "./complete.ts";
import type { Draft } from "./draft.ts";
import { refine } from "./refine.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { sliceWords } from "../slice.ts";

/** The last answered query of a conversation and the customers in its result. */
export interface Remembered {
  spec: Spec;
  customers: string[];
}

export type Interpretation = { spec: Spec } | { clarify: string };

export function interpret(draft: Draft, last: Remembered | null): Interpretation {
  const isWhole = draft.listing || draft.counted !== null || draft.bareCustomers;
  const points = draft.roles.has("those") || (draft.roles.has("their") && !isWhole);
  const pointsBack = draft.customers.length === 0 && points && !draft.pointsWithin;
  const countsThem = pointsBack && draft.roles.has("how-many") && draft.measures.length === 0;
  if (last && countsThem) {
    const isList = last.spec.dimensions.includes("customer");
    return { spec: refine({ ...draft, counted: isList ? "customer" : null }, last.spec) };
  }
  if (draft.place !== null && draft.order === null && !last?.spec.dimensions.length)
    return { clarify: "The place in which ranking do you mean? Please name the figure, such as MRR." };
  if (pointsBack && last && last.customers.length > 0) draft = { ...draft, customers: last.customers };
  else if (pointsBack && !last && draft.filters.length === 0 && !draft.listing) {
    return { clarify: "Which customers do you mean? Please name them, or a segment, region or country." };
  }
  if (last && isFollowUp(draft)) return { spec: refine(draft, last.spec) };
  const verb = unknownVerb(draft);
  if (verb !== null)
    return {
      clarify: `What does "${verb}" mean for customers here: that they signed up, churned, or are up for renewal?`,
    };
  // "The month before" steps from an earlier answer; here is none.
  if (draft.shift !== null) draft.unknown.push({ raw: "the period before or after", capital: false });
  if (saysEnough(draft)) {
    const spec = complete(draft);
    return spec.measures.length + spec.attributes.length > 0 ? { spec } : { clarify: askBack(draft) };
  }
  const [stranger] = draft.unknown;
  const isFigure = draft.statistic !== null || draft.roles.has("how-many");
  if (stranger && isFigure)
    throw new Unanswerable(`I cannot answer that: the tables hold nothing on "${stranger.raw}".`);
  return { clarify: askBack(draft) };
}

function isFollowUp(draft: Draft): boolean {
  const refines =
    draft.dimensions.length + draft.filters.length + draft.windows.length + draft.customers.length > 0 ||
    draft.conditions.length > 0 ||
    draft.age !== null ||
    draft.shift !== null ||
    draft.place !== null ||
    draft.statistic !== null ||
    draft.roles.has("share") ||
    draft.order !== null ||
    draft.compare !== null;
  const isWhole = draft.listing || draft.counted !== null;
  const points = draft.roles.has("those") || draft.roles.has("their");
  // "How many employees do we have in Germany?" is about something else.
  if (draft.unknown.length > 0 && !draft.startsAsFollowUp && !points) return false;
  if (points && draft.measures.length > 0) return false;
  if (draft.measures.length === 0 && !isWhole && draft.attributes.length === 0) return refines;
  return draft.startsAsFollowUp && !isWhole && (refines || draft.measures.length > 0);
}

/** "How many customers vanished in May": without the verb's meaning a count would answer something else. */
function unknownVerb(draft: Draft): string | null {
  const isPlainCount = draft.counted === "customer" && draft.measures.length + draft.conditions.length === 0;
  if (!isPlainCount || draft.windows.length === 0) return null;
  return draft.unknown.find(({ raw }) => /(?:ed|ing)$/i.test(raw))?.raw ?? null;
}

/** A figure, a condition, or customers to list or count; not just "how are we doing in EMEA". */
function saysEnough(draft: Draft): boolean {
  const hasFigure = draft.measures.length + draft.conditions.length + draft.attributes.length > 0;
  if (hasFigure) return true;
  if (draft.roles.has("vague") || (draft.roles.has("compare") && draft.counted === null)) return false;
  // "Which are the best customers?" does not say best in what.
  const isBest = draft.order !== null && draft.order !== "high" && !draft.sized && draft.counted === null;
  const isAboutRows = draft.listing || draft.counted !== null || draft.customers.length > 0;
  const isGrouped = draft.filters.length + draft.dimensions.length > 0;
  return (isAboutRows && !isBest) || (draft.bareCustomers && isGrouped);
}

function askBack(draft: Draft): string {
  const where = draft.filters.map(sliceWords).join(", ");
  const strange = draft.unknown.map(({ raw }) => `"${raw}"`).join(" and ");
  return (
    `${strange ? `I do not know what ${strange} means here. ` : ""}Which figure do you want to see${where ? ` for ${where}` : ""}? For example MRR, churn rate, churned or new ` +
    `customers, usage events, open tickets, CSAT or overdue invoices, and for which period (such as last quarter, or by month).`
  );
}
