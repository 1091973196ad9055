/** What to do with a question that leads to no step: ask back, or say what can be asked instead. */
import { intentsIn, type Intent } from "../intents.ts";
import type { Clarification } from "../plan.ts";
import { contentWords } from "../text/content.ts";
import { suggestions } from "./suggestions.ts";
import { properNames } from "../text/names.ts";
import { VAGUE_NOUNS } from "../text/vocabulary.ts";
import { isAct } from "./acts.ts";
import type { Clause } from "./clauses.ts";
import type { Reader, Reading } from "./reader.ts";
import { isOfOthers } from "./of-others.ts";

const LIKELY = 0.6;
const SURE = 0.8;
const FOREIGN = 0.25;
const HOME = 0.4;
/** Different words over all cards from which on a foreign word means something. */
const RICH = 200;

/** Whether a backend answers this clause: a known topic, or a question whose wording alone tells enough. */
export function isCovered(clause: Clause, reader: Reader): boolean {
  if (clause.elsewhere || isAct(clause.text, reader.knowledge.cards)) return false;
  const points = clause.reference !== null && clause.reference.kind !== "it";
  if (reader.vocabulary >= RICH && !points && clause.scope < HOME) return false;
  if (isOfOthers(clause.text, reader)) return false;
  if (FORECAST.test(clause.text) && !answers(clause, "prediction", reader)) return false;
  if (clause.strong) return true;
  if (isAboutOne(clause)) return true;
  if (clause.backend === "" || clause.other >= FOREIGN) return false;
  if (clause.known.length > 0) return clause.probability > clause.other;
  const entities = new RegExp(`\\b${reader.nouns.plural}\\b`, "iu").test(clause.text);
  if (entities) return clause.probability >= LIKELY;
  const gives = reader.knowledge.card(clause.backend)?.intents;
  const specific = contentWords(clause.text).some((word) => !VAGUE_NOUNS.has(word.lower));
  if (!specific || clause.unknown.length > 1) return false;
  return clause.probability >= SURE && intentsIn(clause.text).some((intent) => gives?.has(intent));
}

/** Tables and documents know nothing of what will be. */
const FORECAST = /\b(?:predict|forecast|extrapolate|projections?)\b|\bwhat will (?:\S+ ){1,5}be\b/iu;

function answers({ backend }: Clause, intent: Intent, { knowledge }: Reader): boolean {
  return knowledge.card(backend)?.intents.has(intent) === true;
}

const HARDLY = 0.1;

/** `what does Acme Mobile pay us`: one of those that the backends know by name, and nothing foreign. */
function isAboutOne({ text, unknown, other }: Clause): boolean {
  return other < HARDLY && unknown.length === 0 && isNamed(text);
}

/** Speaks of somebody by a name of more than one word. */
function isNamed(text: string): boolean {
  return properNames(text).some((name) => name.includes(" "));
}

/** A question without any topic of its own: "Compare the two.", "Show me the numbers." */
export function isEmptyQuestion(clauses: readonly Reading[], reader: Reader): boolean {
  return clauses.every(
    ({ text, known, unknown, other, elsewhere }) =>
      !elsewhere &&
      !isOfOthers(text, reader) &&
      known.length === 0 &&
      unknown.length === 0 &&
      !contentWords(text).some((word) => !VAGUE_NOUNS.has(word.lower) && isMereTerm(word.stem, reader)) &&
      (other < LIKELY || properNames(text).length === 0),
  );
}

/** Stands in tables or documents, but in no question that a backend answers: not about nothing, and not theirs. */
function isMereTerm(stem: string, { knowledge }: Reader): boolean {
  return (
    knowledge.cards.some((card) => card.terms.has(stem)) &&
    !knowledge.cards.some((card) => card.stems.has(stem))
  );
}

export function clarify(question: string, clauses: readonly Clause[], reader: Reader): Clarification {
  const pointing = clauses.some((clause) => clause.reference !== null);
  return {
    question: pointing
      ? `What does "${question.trim()}" refer to? Please name it.`
      : `What exactly would you like to know? "${question.trim()}" leaves open what it is about.`,
    options: suggestions(clauses, reader),
    missing: pointing ? "entity" : "measure",
  };
}

export function refusal(clauses: readonly Clause[], reader: Reader): string {
  const words = [...new Set(clauses.flatMap((clause) => clause.unknown))].slice(0, 5);
  const about = words.length === 0 ? "" : ` (${words.join(", ")})`;
  const instead = suggestions(clauses, reader).map((text) => `"${text}"`);
  const offer = instead.length === 0 ? "" : ` You can ask, for example: ${instead.join(", ")}.`;
  if (clauses.some((clause) => clause.elsewhere))
    return `This belongs to a backend that may not be used here.${offer}`;
  return `None of the connected backends answers this${about}.${offer}`;
}
