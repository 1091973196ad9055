/** What of the last answers' names a follow-up means: all of them, the first few, the second one, or the only one. */
import type { RouteInput } from "../router.ts";
import { wantedCount, type EntityNouns } from "./entities.ts";
import { entitiesInHistory, listedInHistory } from "./history.ts";
import type { ReferenceHit } from "./references.ts";

type History = RouteInput["history"];

/** Names that stand for a pointer of `clause`; none where the conversation does not say which are meant. */
export function pointedAt(hit: ReferenceHit, clause: string, history: History, nouns: EntityNouns): string[] {
  if (hit.kind === "it") return EMPTY_IT.test(clause) ? [] : only(listedInHistory(history, nouns, 1));
  if (!["entities", "their", "ranked"].includes(hit.kind)) return [];
  const names = entitiesInHistory(history, nouns);
  if (SINGULAR.test(hit.text)) return only(names);
  const count = hit.kind === "ranked" ? wantedCount(hit.text, nouns) : null;
  if (count === null) return names;
  const listed = listedInHistory(history, nouns, count);
  const ranked = listed.length > 0 ? listed : names;
  return FROM_BELOW.test(hit.text) ? ranked.slice(-count) : ranked.slice(0, count);
}

function only(names: string[]): string[] {
  return names.length === 1 ? names : [];
}

const FROM_BELOW = /\b(?:last|bottom|lowest|least|smallest)\b/iu;
const SINGULAR = /^(?:its|(?:this|that)\s)/iu;
/** `How long does it take`: the word stands for nothing. */
const EMPTY_IT =
  /\bit(?:'s|\s+(?:is|was|take|takes|took|mean|means|come|comes|seem|seems))\b|\b(?:is|was)\s+it\s+(?:true|possible|allowed|okay?|right)\b/iu;

const ORDINALS = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
];

/** `Why the second one?`, `more about number 2`: the question with the name that stood there in the last list. */
export function namedByRank(question: string, history: History, nouns: EntityNouns): string {
  const [, ...later] = ORDINALS;
  const pattern = new RegExp(
    `\\bthe\\s+(${ORDINALS.join("|")}|last)\\s+one\\b|\\bthe\\s+(${later.join("|")})\\s+${nouns.singular}\\b|(?:\\bnumber\\s+|#)([1-9]\\d?)\\b`,
    "giu",
  );
  return question.replaceAll(pattern, (words, one?: string, noun?: string, digits?: string) => {
    const ordinal = (one ?? noun ?? "").toLowerCase();
    const rank = digits === undefined ? ORDINALS.indexOf(ordinal) : Number(digits) - 1;
    return listedInHistory(history, nouns, Math.max(rank + 1, 2)).at(rank) ?? words;
  });
}
