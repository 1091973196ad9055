/** Reads figures and conditions on figures. */
import { addNew, type Draft } from "./draft.ts";
import { isMembership, measure, type MeasureId } from "./measures.ts";
import type { Reading } from "./reading.ts";
import type { Condition } from "./spec.ts";
import type { Term } from "./terms.ts";

type MeasureTerm = Extract<Term, { kind: "measure" }>;
type ComparatorTerm = Extract<Term, { kind: "comparator" }>;

/** "Open critical tickets", "overdue enterprise invoices". */
const STANDING: Partial<Record<string, MeasureId>> = {
  "open tickets": "open_tickets",
  "overdue invoices": "overdue_invoices",
};
const FLIPPED = { ">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=" } as const;
/** Figures that a customer can have or not have: "with overdue invoices", "without tickets". */
const HAVABLE: ReadonlySet<MeasureId> = new Set(["tickets", "open_tickets", "overdue_invoices", "invoices", "overdue_amount", "usage_events", "written_off_amount", "renewals"]); // prettier-ignore
const SKIPPED = ["value", "filler", "state", "have"] as const;

export function readMeasure(term: MeasureTerm, i: number, reading: Reading): void {
  const { draft, terms } = reading;
  const [id] = term.ids;
  if (!id || (id === "tickets" && isSubjectOfFigure(i, reading))) return;
  if (term.ids.some(isMembership) && isClauseOfCustomers(i, reading)) {
    draft.conditions.push({ measure: id, op: ">", value: 0 });
    return;
  }
  const standing = standingOf(term, i, reading);
  // "Churn" alone is rate and count; beside another figure about churn it only names the subject.
  const isExplained = term.ids.length > 1 && terms.some((t) => t.kind === "measure" && isAboutChurn(t));
  if (standing) addNew(draft.measures, standing);
  else if (!isExplained) addNew(draft.measures, ...term.ids);
  draft.falling ||= term.falling;
}

function standingOf({ ids }: MeasureTerm, i: number, reading: Reading): MeasureId | undefined {
  const state = reading.before(i, "value", "filler", "dimension");
  return state?.kind === "state" ? STANDING[`${state.state} ${ids[0]}`] : undefined;
}

/** "More than 3 open tickets", "MRR over 10k": the measure after the number counts, else the one before. */
export function readComparison(
  { op, trails = false, isRange = false }: ComparatorTerm,
  i: number,
  reading: Reading,
): void {
  const { terms, draft, handled, used } = reading;
  const at = trails ? i - 1 : terms.findIndex((t, k) => k > i && t.kind !== "filler");
  const number = terms[at];
  if (number?.kind !== "number") {
    draft.comparative = true;
    return;
  }
  used.add(at).add(i);
  handled.add(at);
  if (number.unit === "day" && setsAge(op, number.value, draft, terms)) return;
  // "Between 100 and 200 seats".
  const end = isRange && terms[at + 2]?.kind === "number" ? terms[at + 2] : undefined;
  if (end) handled.add(at + 2);
  const next = terms.findIndex(
    (t, k) =>
      k > (end ? at + 2 : Math.max(at, i)) && t.kind !== "filler" && t.kind !== "value" && t.kind !== "state",
  );
  const after = terms[next];
  const earlier = terms.slice(0, Math.min(at, i)).findLast((t) => t.kind === "measure");
  const target = after?.kind === "measure" ? after : earlier;
  // "Account owners with more than 300 customers".
  const isOfCustomers = after !== undefined && isCustomerNoun(after);
  const own = target === undefined ? undefined : (standingOf(target, next, reading) ?? target.ids[0]);
  const measure = isOfCustomers ? "customers" : own;
  if (isOfCustomers) handled.add(next);
  if (!measure && reading.has("share")) return;
  if (!measure) return void draft.unknown.push({ raw: `${op} ${number.value}`, capital: false });
  const flipped = { measure, op: FLIPPED[op], value: -number.value };
  draft.conditions.push(target?.falling ? flipped : { measure, op, value: number.value });
  if (end?.kind === "number") draft.conditions.push({ measure, op: "<=", value: end.value });
}

/** "Overdue by more than 60 days", "open for over two weeks": how long, not how many. */
function setsAge(op: Condition["op"], days: number, draft: Draft, terms: readonly Term[]): boolean {
  if (terms.some((t) => t.kind === "measure" && t.ids.some((id) => measure(id).unit === "days")))
    return false;
  const lasts = terms.some(
    (t) => t.kind === "state" || (t.kind === "measure" && t.ids.some((id) => measure(id).standing)),
  );
  if (lasts) draft.age = { op, days };
  else draft.unknown.push({ raw: `${op} ${days} days`, capital: false });
  return true;
}

/** "60 days overdue". */
export function readAge(
  { value, unit }: Extract<Term, { kind: "number" }>,
  i: number,
  { draft, terms, used }: Reading,
): void {
  if (unit === "day" && terms[i + 1]?.kind !== "comparator" && setsAge(">=", value, draft, terms))
    used.add(i);
}

/** "Customers with overdue invoices", "without open tickets": conditions, when customers are the subject. */
export function readPossession(kind: "have" | "not", i: number, reading: Reading): void {
  const { terms, draft, handled } = reading;
  if (!terms.slice(0, i).some((t) => isCustomerNoun(t) || t.kind === "those")) return;
  const known = draft.conditions.length;
  let negated = kind === "not";
  for (let k = i + 1; k < terms.length; k += 1) {
    const term = terms[k];
    const measure = term?.kind === "measure" ? (standingOf(term, k, reading) ?? term.ids[0]) : undefined;
    if (term?.kind === "not") {
      negated = true;
      reading.used.add(k);
    } else if (term?.kind === "have") {
      handled.add(k);
    } else if (term?.kind === "measure" && measure && (term.falling || HAVABLE.has(measure))) {
      draft.conditions.push({ measure, op: term.falling ? "<" : negated ? "=" : ">", value: 0 });
      handled.add(k);
      reading.used.add(i);
    } else {
      const joins = (term?.kind === "follow-up" || term?.kind === "time") && draft.conditions.length > known;
      if (!joins && !SKIPPED.some((kind) => kind === term?.kind)) return;
    }
  }
}

/** "MRR of the customers that churned": the clause picks customers for an earlier figure. */
function isClauseOfCustomers(i: number, reading: Reading): boolean {
  const noun = reading.before(i, "filler", "follow-up", "which");
  return noun !== undefined && isCustomerNoun(noun) && reading.follows(i, "measure");
}

/** "Resolution time of critical tickets" asks for one figure, "CSAT and tickets" for two. */
function isSubjectOfFigure(i: number, reading: Reading): boolean {
  const { terms } = reading;
  const isFigure = (t: Term) => t.kind === "measure" && /^(?:csat|resolution_days)$/.test(t.ids[0] ?? "");
  const previous = terms[i - 1]?.kind;
  const isCounted = reading.before(i, "value", "filler")?.kind === "how-many";
  return !isCounted && (previous === "filler" || previous === "value") && terms.slice(0, i).some(isFigure);
}

function isAboutChurn({ ids }: MeasureTerm): boolean {
  return ids.length === 1 && ids.some((id) => id.includes("churn"));
}

function isCustomerNoun(term: Term): boolean {
  return term.kind === "dimension" && term.dimension === "customer";
}
