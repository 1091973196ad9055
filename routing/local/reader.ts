/** Reads one piece of a question: which backends it fits, whether it stands on its own, what it points back to. */
import type { LabelProbability } from "../classifier/model.ts";
import type { Card } from "../cards.ts";
import { intentsIn } from "../intents.ts";
import type { Knowledge } from "../knowledge.ts";
import { classify } from "../score.ts";
import { OTHER } from "../other-examples.ts";
import { contentWords } from "../text/content.ts";
import { entityNouns, yieldsEntities, type EntityNouns } from "./entities.ts";
import { inScope } from "./in-scope.ts";
import {
  createReferenceFinder,
  resolveReference,
  type FindReference,
  type ReferenceHit,
} from "./references.ts";
import { weighWords } from "./weigh-words.ts";

export interface Reading {
  text: string;
  scored: LabelProbability[];
  /** The likeliest backend, "other" left aside; empty only when none may be used. */
  backend: string;
  probability: number;
  /** Probability of "other". */
  other: number;
  /** How likely any backend answers it. */
  scope: number;
  /** Content words that the backend uses of itself; things that all backends speak of do not count. */
  known: string[];
  /** Content words that no backend uses. */
  unknown: string[];
  reference: ReferenceHit | null;
  /** Has words that the backend knows, and the backend is the likeliest one. */
  topical: boolean;
  /** Has no topic word, but points back and fits one backend alone: good enough beside other clauses. */
  clear: boolean;
  /** Belongs to a backend that may not be used here. */
  elsewhere: boolean;
  /** Fits a backend well enough to be a question of its own. */
  strong: boolean;
}

export interface Reader {
  knowledge: Knowledge;
  nouns: EntityNouns;
  /** Stems of the names and values by which several backends slice their answers: regions, segments. */
  slices: ReadonlySet<string>;
  /** How many different words (stems) the cards use. */
  vocabulary: number;
  allowed: readonly string[];
  findReference: FindReference;
  read(text: string): Reading;
  /** Reads the description of a set: who finds it is asked for, not who acts on it. */
  readSet(text: string): Reading;
  /** Reads the name of a source ("our playbook"): only backends that hold documents or rules count. */
  readSource(text: string): Reading | null;
}

const STRONG = 0.4;
/** Known words outweigh "other" only so far. */
const HARDLY = 0.15;
/** Without a known word, what points back must be clear from its wording alone. */
const SURE = 0.7;
/** Less is enough where the kind of answer fits. */
const FITTING = 0.5;
/** So sure of a question about a set of entities that no topic word is needed. */
const CERTAIN = 0.95;

export function createReader(knowledge: Knowledge, allowed: readonly string[]): Reader {
  const nouns = entityNouns(knowledge.cards);
  const findReference = createReferenceFinder(nouns);
  const having = (test: (card: Card) => boolean): string[] =>
    knowledge.cards.filter((card) => allowed.includes(card.name) && test(card)).map((card) => card.name);
  const finders = having(({ intents }) => !(intents.size === 1 && intents.has("action")));
  const sources = having(({ intents }) => intents.has("rules"));
  const readAmong = (among: readonly string[]) => (text: string) =>
    readPiece(text, knowledge, nouns, among, findReference);
  const all = having(() => true).length === knowledge.cards.length;
  return {
    knowledge,
    nouns,
    slices: slicesOf(knowledge),
    vocabulary: vocabularyOf(knowledge),
    allowed,
    findReference,
    read: (text) => ({
      ...readAmong(allowed)(text),
      elsewhere: !all && isElsewhere(text, knowledge, allowed),
    }),
    readSet: readAmong(finders.length === 0 ? allowed : finders),
    readSource: (text) => (sources.length === 0 ? null : readAmong(sources)(text)),
  };
}

function readPiece(
  text: string,
  knowledge: Knowledge,
  nouns: EntityNouns,
  allowed: readonly string[],
  findReference: FindReference,
): Reading {
  const reference = findReference(text);
  const scored = classify(
    knowledge,
    spelledOut(text, reference, nouns),
    allowed,
    asksOfInstances(text, reference, nouns),
  );
  const top = scored.find(({ label }) => label !== OTHER);
  const other = scored.find(({ label }) => label === OTHER)?.probability ?? 0;
  const probability = top?.probability ?? 0;
  const { known, unknown } = weighWords(text, top?.label, knowledge, nouns);
  // A piece that points back belongs to the rest of the question: that it is foreign is unlikely.
  const among = probability / Math.max(1e-9, 1 - other);
  const worded = unknown.length > 0 && isWorded(text, top?.label, knowledge);
  const topical = (known.length > 0 || worded) && among >= STRONG;
  const fits = asksForItsKind(text, top?.label, knowledge);
  const clear = reference !== null && among >= (fits ? FITTING : SURE) && unknown.length === 0;
  const speaksOfThem = new RegExp(`\\b${nouns.plural}\\b`, "iu").test(text);
  const certain = fits && speaksOfThem && probability >= CERTAIN && unknown.length === 0;
  return {
    text,
    scored,
    backend: top?.label ?? "",
    probability,
    other,
    scope: inScope(text, other, knowledge),
    known,
    unknown,
    reference,
    elsewhere: false,
    topical,
    strong:
      certain ||
      (topical &&
        (probability > other ||
          reference !== null ||
          (known.length > unknown.length && probability > other * HARDLY) ||
          worded)),
    clear,
  };
}

/** Fewer different words than this over all cards: that they do not know a word says little about the backends. */
const THIN = 80;
const OWN = /\b(?:we|us|our|ours|customers?|accounts?|clients?)\b/iu;

function vocabularyOf(knowledge: Knowledge): number {
  return new Set(knowledge.cards.flatMap((card) => [...card.stems.keys()])).size;
}

/** Terms such as `region: EMEA, AMER` that stand on more than one card. */
function slicesOf({ cards }: Knowledge): ReadonlySet<string> {
  const listed = cards.flatMap((card) => card.config.terms.filter((term) => /^[^:,]+:/u.test(term)));
  const shared = listed.filter((term, index) => listed.indexOf(term) < index);
  return new Set(shared.flatMap(contentWords).map((word) => word.stem));
}

/** Where cards are thin, a question about one's own affairs goes where its wording points. */
function isWorded(text: string, backend: string | undefined, knowledge: Knowledge): boolean {
  if (backend === undefined || !OWN.test(text)) return false;
  if (vocabularyOf(knowledge) >= THIN) return false;
  return asksForItsKind(text, backend, knowledge);
}

function asksForItsKind(text: string, backend: string | undefined, knowledge: Knowledge): boolean {
  const gives = backend === undefined ? undefined : knowledge.card(backend)?.intents;
  return intentsIn(text).some((intent) => gives?.has(intent));
}

const ELSEWHERE = 0.5;

function isElsewhere(text: string, knowledge: Knowledge, allowed: readonly string[]): boolean {
  const everyone = knowledge.cards.map((card) => card.name);
  const top = classify(knowledge, text, everyone)[0];
  return (
    top !== undefined &&
    everyone.includes(top.label) &&
    !allowed.includes(top.label) &&
    top.probability >= ELSEWHERE
  );
}

const POINTING: ReadonlySet<string> = new Set(["entities", "their", "which", "ranked"]);

/** Certain ones are meant, not anybody: a set that is listed or counted, or one found earlier. */
function asksOfInstances(text: string, reference: ReferenceHit | null, nouns: EntityNouns): boolean {
  if (reference !== null && POINTING.has(reference.kind)) return true;
  return (
    yieldsEntities(text, nouns) ||
    new RegExp(`\\bhow many (?:\\S+ ){0,4}?${nouns.plural}\\b`, "iu").test(text)
  );
}

/** `what do they pay` is about customers; classifiers know these words, not pronouns. */
function spelledOut(text: string, reference: ReferenceHit | null, nouns: EntityNouns): string {
  if (reference === null || !["entities", "their"].includes(reference.kind)) return text;
  return resolveReference(text, reference, `${nouns.canonical}s`);
}
