/** Reads one piece of a question: which backends it fits, whether it stands on its own, what it points back to. */
import type { LabelProbability } from "../classifier/model.ts";
import { classify, type Knowledge } from "../knowledge.ts";
import { OTHER } from "../other-examples.ts";
import { contentWords } from "../text/content.ts";
import { VAGUE_NOUNS } from "../text/vocabulary.ts";
import { entityNouns, type EntityNouns } from "./entities.ts";
import { createReferenceFinder, type FindReference, type ReferenceHit } from "./references.ts";

export interface Reading {
  text: string;
  scored: LabelProbability[];
  /** The likeliest backend, "other" left aside; empty only when none may be used. */
  backend: string;
  probability: number;
  /** Probability of "other". */
  other: number;
  /** Content words that the backend uses of itself; things that all backends speak of do not count. */
  known: string[];
  /** Content words that no backend uses. */
  unknown: string[];
  reference: ReferenceHit | null;
  /** Fits a backend well enough to be a question of its own. */
  strong: boolean;
}

export interface Reader {
  knowledge: Knowledge;
  nouns: EntityNouns;
  allowed: readonly string[];
  findReference: FindReference;
  read(text: string): Reading;
}

const STRONG = 0.4;
/** Without a known word, what points back must be clear from its wording alone. */
const SURE = 0.7;

export function createReader(knowledge: Knowledge, allowed: readonly string[]): Reader {
  const nouns = entityNouns(knowledge.cards);
  const findReference = createReferenceFinder(nouns);
  return {
    knowledge,
    nouns,
    allowed,
    findReference,
    read: (text) => readPiece(text, knowledge, nouns, allowed, findReference),
  };
}

function readPiece(
  text: string,
  knowledge: Knowledge,
  nouns: EntityNouns,
  allowed: readonly string[],
  findReference: FindReference,
): Reading {
  const scored = classify(knowledge, text, allowed);
  const top = scored.find(({ label }) => label !== OTHER);
  const other = scored.find(({ label }) => label === OTHER)?.probability ?? 0;
  const words = contentWords(text).filter(
    (word) => !nouns.stems.has(word.stem) && !VAGUE_NOUNS.has(word.lower),
  );
  const stems = top === undefined ? undefined : knowledge.card(top.label)?.stems;
  const known = words.filter((word) => stems?.has(word.stem)).map((word) => word.stem);
  const unknown = words
    .filter((word) => !knowledge.cards.some((card) => card.stems.has(word.stem)))
    .map((word) => word.lower);
  const probability = top?.probability ?? 0;
  const reference = findReference(text);
  return {
    text,
    scored,
    backend: top?.label ?? "",
    probability,
    other,
    known,
    unknown,
    reference,
    strong:
      (known.length > 0 && probability >= STRONG && probability > other) ||
      (reference !== null && probability >= SURE && other < 1 - SURE),
  };
}
