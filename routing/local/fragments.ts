/** Cuts a question at every place where a new clause may begin; which cuts hold is decided later. */
import { BESIDE, GLUE, POLITE, THEN } from "./cues.ts";

/** How a fragment hangs on the one before it: `list` is a comma or "and", `sentence` a full stop or a number. */
export type Joint = "start" | "sentence" | "colon" | "list" | "then" | "beside";

export interface Fragment {
  text: string;
  joint: Joint;
  /** A stripped `tell me` or `could you` shows that a clause of its own follows. */
  asked: boolean;
  /** Where it stands in the question (UTF-16, end exclusive). */
  start: number;
  end: number;
}

const BOUNDARY = new RegExp(
  [
    "(?<sentence>(?:(?<=^|\\s)\\(?\\d{1,2}[.)]\\s+(?=\\p{L}))|[?!;]+(?=\\s|$)|(?<=[\\p{L}\\p{N})%]{2})\\.(?=\\s|$)|\\n+)",
    "(?<then>\\s*(?:->|=>|→)\\s*|,?\\s+(?:and\\s+)?then\\b,?|,\\s*(?:and\\s+)?(?:after (?:that|this)|afterwards|finally)\\b,?)",
    "(?<colon>:(?=\\s))",
    "(?<list>\\s+(?:with|to|against)\\s+(?<=^compare\\b.*)(?=(?:the|our|what)\\b)|,(?=\\s)(?:\\s+(?:and|or|plus)\\b,?)?|\\s+(?:and|plus|as well as)\\b,?(?=\\s)|\\s[+&–—-](?=\\s)|\\s+(?:(?:along|together) with(?=\\s+(?:their|the|its)\\b)|with(?=\\s+their\\b)))",
  ].join("|"),
  "giu",
);

export function splitFragments(question: string): Fragment[] {
  const fragments: Fragment[] = [];
  let from = 0;
  let joint: Joint = "start";
  const add = (end: number): boolean => {
    const fragment = trimmed(question, from, end, joint);
    if (fragment === null) return false;
    const alone = cueAlone(fragment.text);
    if (alone === null) fragments.push(fragment);
    else joint = alone;
    return alone === null;
  };
  for (const match of question.matchAll(BOUNDARY)) {
    if (insidePair(question, match) || afterEach(question.slice(from, match.index), match[0])) continue;
    const kind = jointOf(match.groups ?? {});
    // A list item in front of a sentence end stays one fragment; the stronger joint wins where two meet.
    const closing = kind === "sentence" && /[?!]/.test(match[0]) ? 1 : 0;
    const added = add(match.index + closing);
    if (added || strength(kind) > strength(joint)) joint = kind;
    from = match.index + match[0].length;
  }
  add(question.length);
  return fragments;
}

/** `between now and December` is one thing. */
function insidePair(question: string, match: RegExpExecArray): boolean {
  return (
    /^\s*and\b/i.test(match[0]) &&
    /\bbetween\s+(?:[^\s,]+\s+){0,3}[^\s,]+$/i.test(question.slice(0, match.index))
  );
}

/** `for each, the open invoices`: the comma ends no piece. */
function afterEach(piece: string, cut: string): boolean {
  return (
    /^\s*,/.test(cut) &&
    /^\s*(?:and\s+)?for (?:each|all|every one|those|these|them)(?: of (?:them|these|those))?$/iu.test(piece)
  );
}

function jointOf(groups: Record<string, string | undefined>): Joint {
  if (groups["sentence"] !== undefined) return "sentence";
  if (groups["then"] !== undefined) return "then";
  return groups["colon"] === undefined ? "list" : "colon";
}

function strength(joint: Joint): number {
  return ["start", "list", "colon", "sentence", "then", "beside"].indexOf(joint);
}

/** `Separately,` and `Then:` stand alone before their clause. */
function cueAlone(text: string): Joint | null {
  const bare = text.replace(/[.?!]+$/, "");
  if (THEN.exec(bare)?.[0].length === bare.length) return "then";
  return BESIDE.exec(bare)?.[0].length === bare.length ? "beside" : null;
}

/** Drops glue and politeness at the front; a cue there decides the joint. */
function trimmed(question: string, from: number, to: number, joint: Joint): Fragment | null {
  let start = from;
  let decided = joint;
  let asked = false;
  for (;;) {
    const space = /^[\s,;:–—-]+/.exec(question.slice(start, to));
    if (space !== null) start += space[0].length;
    const rest = question.slice(start, to);
    const cue = THEN.exec(rest) ?? BESIDE.exec(rest);
    const glue = cue ?? GLUE.exec(rest) ?? POLITE.exec(rest);
    // The last word of a fragment is never glue: `what should we do first`.
    if (glue === null || glue[0].length === 0 || glue[0].length >= rest.trimEnd().length) {
      const text = rest.trim();
      if (!/[\p{L}\p{N}]/u.test(text)) return null;
      return { text, joint: decided, asked, start, end: start + rest.trimEnd().length };
    }
    if (cue !== null && decided !== "start") decided = THEN.test(rest) ? "then" : "beside";
    asked ||= /^(?:tell|can|could|would|will|i)\b/i.test(glue[0]);
    start += glue[0].length;
  }
}
