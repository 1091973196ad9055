/** A question that only makes sense after the one before: "and by region?", "why?", "make it the top 20". */
import type { Step } from "../plan.ts";
import type { RouteInput } from "../router.ts";
import { referencesOf } from "../substitute.ts";
import { intentsIn } from "../intents.ts";
import { contentWords } from "../text/content.ts";
import { isAct } from "./acts.ts";
import type { Clause } from "./clauses.ts";
import { ASKS, BARE_WHY, ORDERS } from "./cues.ts";
import type { Reader } from "./reader.ts";
import { isCovered } from "./scope.ts";

const ELLIPTIC =
  /^(?:and|or|but|what about|how about|now|only|just|same|the same|make it|make that|again|instead|also for|for|by|in|per|without|with|excluding|including|split|break|broken|compared|versus|vs)\b/iu;
const REPEATS =
  /\b(?:the same|same thing|again|likewise|instead|do (?:that|it|this)|redo|make (?:it|that))\b/iu;
const ELSEWHERE =
  /^(?:different|another|other|new|unrelated) (?:topic|question|subject)|^on (?:a|an) (?:different|another|other)|^by the way\b/iu;

/** Steps that ask the previous turn's backends again, or null when the question stands on its own. */
export function continueFrom(input: RouteInput, clauses: readonly Clause[], reader: Reader): Step[] | null {
  const { previous, question } = input;
  if (
    previous === null ||
    !inherits(question, previous.plan?.steps.map((step) => step.backend) ?? [], clauses, reader)
  )
    return null;
  const steps = (previous.plan?.steps ?? []).filter((step) => reader.allowed.includes(step.backend));
  if (steps.length === 0) return null;
  const roots = new Set(steps.map((step) => step.backend));
  const named =
    clauses.length === 1 && clauses[0]!.strong && roots.has(clauses[0]!.backend) ? clauses[0]!.backend : null;
  const reasons = WHY.test(question.trim()) ? reasonsFor(steps, input, previous.question, reader) : null;
  if (reasons !== null) return [reasons];
  const single = roots.size === 1 ? steps[0]!.backend : named;
  if (single === null) return repeatAll(steps, question);
  const before = steps.findLast((step) => step.backend === single)!;
  return [singleStep(before, input, previous.question, reader)];
}

/** About what was found, but another kind of answer than the backends before give. */
function isOtherKind(clause: Clause, asked: readonly string[], reader: Reader): boolean {
  if (clause.reference === null || clause.probability < LIKELY) return false;
  const before = asked.flatMap((name) => [...(reader.knowledge.card(name)?.intents ?? [])]);
  const gives = reader.knowledge.card(clause.backend)?.intents;
  return intentsIn(clause.text).some((intent) => gives?.has(intent) && !before.includes(intent));
}

const LIKELY = 0.6;

function inherits(
  question: string,
  asked: readonly string[],
  clauses: readonly Clause[],
  reader: Reader,
): boolean {
  const text = question.trim();
  if (ELSEWHERE.test(text)) return false;
  if (BARE_WHY.test(text) || (WHY.test(text) && clauses.every((clause) => clause.reference !== null)))
    return true;
  if (clauses.every((clause) => isForeign(clause) || isAct(clause.text, reader.knowledge.cards)))
    return false;
  if (
    !clauses.some((clause) => clause.strong || isWhole(clause, reader) || isOtherKind(clause, asked, reader))
  )
    return true;
  if (clauses.length > 1) return false;
  if (
    asked.length === 1 &&
    clauses.every(({ reference, probability }) => reference?.kind === "it" && probability < SURE)
  )
    return true;
  const short = contentWords(text).length <= 5;
  const bare = text.replace(/^(?:and|or|but|now|also|ok(?:ay)?|so)[\s,]+/iu, "");
  const whole = ASKS.test(bare) || ORDERS.test(bare);
  if (/^(?:what|how) about\b/iu.test(bare)) return short;
  return (short && ELLIPTIC.test(text) && !whole) || REPEATS.test(text);
}

/** A question that is told by its wording, though not by its words: `how many refunds did we pay?`. */
function isWhole(clause: Clause, reader: Reader): boolean {
  const asks = ASKS.test(clause.text) || ORDERS.test(clause.text);
  const told = clause.reference === null || clause.probability >= SURE;
  return asks && told && contentWords(clause.text).length > 1 && isCovered(clause, reader);
}

const SURE = 0.8;

const ELSEWHERE_FROM = 0.9;

/** A question of its own, surely for nobody here: `what is the weather in Paris?`. Short follow-ups look foreign too. */
function isForeign({ text, known, unknown, reference, other }: Clause): boolean {
  const whole = ASKS.test(text) && !ELLIPTIC.test(text);
  return whole && reference === null && known.length === 0 && unknown.length > 0 && other >= ELSEWHERE_FROM;
}

const WHY =
  /^(?:and |but )?(?:why\b|for what reasons?\b|what (?:are|were|is|was) the (?:main )?(?:reasons?|causes?))/iu;

/** Tables hold no reasons: where a backend for predictions may be asked, it is asked why. */
function reasonsFor(
  steps: readonly Step[],
  input: RouteInput,
  previous: string,
  reader: Reader,
): Step | null {
  const isTable = (name: string): boolean =>
    ["genie", "sql"].includes(reader.knowledge.card(name)?.kind ?? "");
  const explains = reader.knowledge.cards.find(
    ({ name, intents }) => reader.allowed.includes(name) && !isTable(name) && intents.has("prediction"),
  );
  const last = steps.at(-1);
  if (last === undefined || explains === undefined || !steps.every((step) => isTable(step.backend)))
    return null;
  const about = reader.read(`why: ${previous}`).scored.find(({ label }) => label === explains.name);
  if ((about?.probability ?? 0) < CONCERNED) return null;
  return {
    ...last,
    id: "s1",
    backend: explains.name,
    question: `${upper(input.question.trim())} (${previous.trim()})`.slice(-4_000),
    depends_on: [],
    context_from: [],
    extract: [],
    optional: false,
    why: `${explains.name} knows reasons, which the tables of ${last.backend} do not hold.`,
    rejected: [],
  };
}

const CONCERNED = 0.02;

/** A Genie space that holds the conversation gets the words as they are; all others get the earlier question as well. */
function singleStep(before: Step, input: RouteInput, previous: string, reader: Reader): Step {
  const { question, conversations } = input;
  const card = reader.knowledge.card(before.backend)!;
  const earlier = referencesOf(before.question).length === 0 ? before.question : previous;
  const holds = conversations === undefined || conversations.includes(before.backend);
  const rewritten =
    card.kind === "genie" && holds ? question.trim() : `${earlier.trim()} ${upper(question.trim())}`;
  return {
    ...before,
    id: "s1",
    question: rewritten.slice(-4_000),
    depends_on: [],
    context_from: [],
    extract: [],
    optional: false,
    why: `${before.backend} answered the question before, which this one continues.`,
    rejected: [],
  };
}

/** The plan again, its first steps refined; what depends on them follows by itself. */
function repeatAll(steps: readonly Step[], question: string): Step[] {
  const kept = new Set(steps.map((step) => step.id));
  return steps.map((step) => ({
    ...step,
    depends_on: step.depends_on.filter((id) => kept.has(id)),
    context_from: step.context_from.filter((id) => kept.has(id)),
    question:
      step.depends_on.length === 0
        ? `${step.question} ${upper(question.trim())}`.slice(-4_000)
        : step.question,
    why: `${step.backend} was part of the plan before, which this question continues.`,
  }));
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
