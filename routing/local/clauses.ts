/** Joins fragments into clauses: a cut holds where both sides are questions that belong to different places. */
import { isAct } from "./acts.ts";
import { contentWords } from "../text/content.ts";
import { BARE_WHY, DECIDES, FRAMES, LEADING_SOURCE } from "./cues.ts";
import { yieldsEntities } from "./entities.ts";
import { splitFragments, type Fragment, type Joint } from "./fragments.ts";
import {
  BARE_WHO,
  asksToAct,
  clausal,
  continues,
  isAttribute,
  isSlice,
  isTail,
  isTalk,
  ofPlan,
  type Piece,
} from "./pieces.ts";
import type { Reader, Reading } from "./reader.ts";

export interface Clause extends Reading {
  joint: Joint;
  /** Reasons are asked for as well. */
  why: boolean;
  /** Asked for the sake of the clause that follows. */
  guidance: boolean;
}

type Verdict = "merge" | "split" | "drop";

export function readClauses(asked: string, reader: Reader): Clause[] {
  const question = asked.replace(LEADING_SOURCE, "$1$3 $2");
  const pieces: Piece[] = [];
  for (const fragment of splitFragments(question)) {
    const reading = scene(fragment, reader) ? reader.readSet(fragment.text) : reader.read(fragment.text);
    const previous = pieces.at(-1);
    if (previous === undefined) pieces.push({ fragment, reading, why: false });
    else {
      // Beside another clause its pointer has something to point to.
      const next = { fragment, reading: { ...reading, strong: reading.strong || reading.clear }, why: false };
      join(question, reader, pieces, previous, next);
    }
  }
  return pieces
    .filter((piece, _, all) => all.length === 1 || !isTalk(piece))
    .map(({ fragment, reading, why }) => ({ ...reading, joint: fragment.joint, why, guidance: false }));
}

/** `For the ten riskiest accounts`: a set, and nothing asked of it yet. */
function scene(fragment: Fragment, reader: Reader): boolean {
  const { text } = fragment;
  return FRAMES.test(text) && !DECIDES.test(text) && yieldsEntities(text, reader.nouns);
}

function join(question: string, reader: Reader, pieces: Piece[], previous: Piece, next: Piece): void {
  const verdict = judge(previous, next, reader);
  if (verdict === "split") {
    pieces.push(next);
    return;
  }
  if (verdict === "drop") {
    pieces[pieces.length - 1] = next;
    return;
  }
  const { start, joint, asked } = previous.fragment;
  const { end } = next.fragment;
  const text = question.slice(start, end).trim();
  const why = previous.why || BARE_WHY.test(next.fragment.text);
  const whole = reader.read(text);
  // Words that say nothing of their own do not change where the clause belongs.
  const weakened = previous.reading.strong && !next.reading.strong && !whole.strong;
  const reading =
    weakened || BARE_WHY.test(next.fragment.text)
      ? { ...previous.reading, text }
      : better(whole, previous, next);
  pieces[pieces.length - 1] = { fragment: { text, joint, asked, start, end }, reading, why };
}

/** What stands before a question only sets its scene: foreign words there do not make the question foreign. */
function better(whole: Reading, previous: Piece, next: Piece): Reading {
  const scene = !clausal(previous) && !previous.reading.strong && clausal(next) && next.reading.strong;
  return scene && next.reading.backend === whole.backend
    ? { ...next.reading, text: whole.text, reference: whole.reference }
    : whole;
}

function judge(previous: Piece, next: Piece, reader: Reader): Verdict {
  const { cards } = reader.knowledge;
  if (clausal(next) && isAct(next.fragment.text, cards) !== isAct(previous.fragment.text, cards))
    return "split";
  if (BARE_WHY.test(next.fragment.text) || BARE_WHO.test(next.fragment.text)) return "merge";
  if (belongsTogether(previous, next, reader)) return "merge";
  if (isSlice(previous, reader) && !clausal(previous)) return "merge";
  if (isSlice(next, reader) && next.reading.reference === null && !clausal(next)) return "merge";
  if (asksToAct(previous) && isAttribute(next) && !clausal(next)) return "merge";
  if (isTalk(previous)) return next.reading.reference === null ? "drop" : "merge";
  if (isTalk(next) && next.fragment.joint === "sentence") return "split";
  if (next.reading.elsewhere !== previous.reading.elsewhere && clausal(next)) return "split";
  if (!next.reading.strong) return judgeWeak(previous, next);
  if (continues(next) && (!clausal(next) || isTail(next))) return "merge";
  if (!previous.reading.strong) return judgeAfterWeak(previous, next);
  if (previous.reading.backend === next.reading.backend) return judgeSame(previous, next, reader);
  return judgeDifferent(previous, next, reader);
}

const ADVERBIAL =
  /^(?:with|within|under|by|on|at|from|given|having|using|without|during|over|until|\p{L}+ing)\b/iu;

/** Pieces that are no questions of their own, whatever they speak of. */
function belongsTogether(previous: Piece, next: Piece, reader: Reader): boolean {
  const { joint, text } = next.fragment;
  const reference = next.reading.reference;
  const describesSet = (piece: Piece): boolean => yieldsEntities(piece.fragment.text, reader.nouns);
  // `Acme Health: churn score?` names first what is asked about.
  if (joint === "colon" && !clausal(previous) && !describesSet(previous) && !isTalk(previous)) return true;
  if (joint !== "list" || reference?.kind === "their") return false;
  // `With 30,000 dollars, which accounts ...`, `..., staying within 30,000 dollars`.
  const leads = ADVERBIAL.test(previous.fragment.text) && !clausal(previous) && !describesSet(previous);
  const unsure = next.reading.probability < CERTAIN && reference === null;
  const trails = /^\p{L}+ing\b/iu.test(text) && !clausal(next) && unsure;
  if ((leads && !isTalk(previous)) || trails) return true;
  // `how to keep them and what it costs`: what has just been asked for.
  return asksToAct(previous) && clausal(next) && (reference?.kind === "it" || ofPlan(next));
}

/** A weak piece goes with the one before, unless it asks for something that nobody here knows. */
function judgeWeak(previous: Piece, next: Piece): Verdict {
  const foreign = next.reading.unknown.length > 0 && next.reading.known.length === 0;
  const apart = next.fragment.joint === "sentence" || next.fragment.joint === "beside";
  if (foreign && clausal(next) && next.reading.reference === null && (apart || previous.reading.strong))
    return "split";
  return "merge";
}

function judgeAfterWeak(previous: Piece, next: Piece): Verdict {
  const elsewhere = previous.reading.backend !== next.reading.backend;
  if (previous.reading.topical && elsewhere && next.reading.reference !== null) return "split";
  const apart = next.fragment.joint !== "list" && next.fragment.joint !== "colon";
  if (apart && previous.reading.known.length > 0) return "split";
  if (next.reading.reference !== null && !clausal(previous)) return "merge";
  if (next.fragment.joint === "list" && !clausal(next)) return "merge";
  if (clausal(previous) && elsewhere && previous.reading.probability >= LIKELY) return "split";
  return clausal(previous) && previous.reading.unknown.length > 0 ? "split" : "merge";
}

/** Two questions to one backend stay one, unless each is whole and the backend answers one table at a time. */
function judgeSame(previous: Piece, next: Piece, reader: Reader): Verdict {
  if (next.reading.reference !== null) return next.fragment.joint === "then" ? "split" : "merge";
  if (next.fragment.joint === "beside") return "split";
  if (next.fragment.joint === "sentence" || next.fragment.joint === "then")
    return clausal(next) ? "split" : "merge";
  const kind = reader.knowledge.card(next.reading.backend)?.kind;
  return clausal(next) && clausal(previous) && kind === "genie" && next.reading.known.length > 1
    ? "split"
    : "merge";
}

const LIKELY = 0.4;
const SURE = 0.55;
const CERTAIN = 0.9;
const GOVERNS =
  /\b(?:based on|using|considering|including|given|such as|taking into account|depending on)\s+(?:\S+\s+){0,3}\S*$/iu;

function knows(reader: Reader, backend: string, text: string): boolean {
  const card = reader.knowledge.card(backend);
  const words = contentWords(text);
  return words.length > 0 && words.every((word) => card?.stems.has(word.stem) === true);
}

function judgeDifferent(previous: Piece, next: Piece, reader: Reader): Verdict {
  if (next.fragment.joint !== "list" && next.fragment.joint !== "colon") return "split";
  if (clausal(next)) return "split";
  // `show MRR and seats`: one word alone does not tell where it belongs.
  const bare = contentWords(next.fragment.text).length < 2;
  const sure = next.reading.reference?.kind === "their" && next.reading.probability >= CERTAIN;
  const lone = bare && !sure && clausal(previous);
  // `next steps, owners and price`: the backend before speaks of all of that itself.
  const same =
    next.reading.reference === null &&
    next.reading.probability < CERTAIN &&
    !yieldsEntities(next.fragment.text, reader.nouns) &&
    knows(reader, previous.reading.backend, next.fragment.text);
  if (same) return "merge";
  if (lone || GOVERNS.test(previous.reading.text)) return "merge";
  return next.reading.probability >= SURE ? "split" : "merge";
}
