/** How English points back to something found earlier, as data: patterns built from the entity nouns in use. */
import { NUMBER_WORDS } from "../text/vocabulary.ts";
import { RANKED, type EntityNouns } from "./entities.ts";

/**
 * `entities`: a set found earlier; `which`: those of the set that ...; `their`: what belongs to the set; `ranked`: its
 * first few; `it`: one named thing; `value`: one number or date found earlier; `result`: whatever an earlier clause
 * found; `implied`: meant, not said.
 */
export type ReferenceKind = "entities" | "which" | "their" | "ranked" | "it" | "value" | "result" | "implied";

export interface ReferenceCue {
  kind: ReferenceKind;
  /** Source of a regular expression whose group `at` is what stands for something else. */
  source: string;
}

const COUNT = `(?:\\d{1,4}|${Object.keys(NUMBER_WORDS).join("|")})`;
const RANK = `(?:most\\s+\\p{L}+|least\\s+\\p{L}+|${RANKED})`;
const OF_THEM = "of\\s+(?:them|these|those)";
const EACH_OF = "(?:(?:each|all|every one)\\s+of\\s+)?";
const CLAUSE_END = "(?=\\s*[.,;?!]|\\s*$|\\s+(?:and|with|by|at|in|for|according|based|under|as)\\b)";
const MEASURE =
  "(?:many|much|number|amount|threshold|limit|date|deadline|period|rate|value|percentage|point|window|target|span|cut-?off|maximum|minimum)";

const IMPLIED = [
  "at stake",
  "at risk with",
  "we (?:would|could|might|may|will|stand to) lose",
  "accordingly",
  "in (?:such|those|these|that) cases?",
  "(?:the )?(?:matching|corresponding|respective|resulting|affected|fitting|suitable|appropriate|right)(?= \\p{L})",
  "concerned",
  "involved",
  "in question",
  "(?:fits?|suits?|appl(?:y|ies)|match(?:es)?|helps?)(?=\\s*[.?!]|\\s*$)",
];

/** In order of precedence. */
export function referenceCues(nouns: EntityNouns): ReferenceCue[] {
  const noun = `(?:${nouns.plural}|ones)`;
  // `the five customers most likely to churn` describes a new set; `the top five` is of an earlier one.
  const notNew = `(?!\\s+(?:\\p{L}+\\s+){0,3}${nouns.plural}\\b)(?!\\s+\\p{L}+(?:s|ies)\\b)`;
  const ofRank = `(?:\\s+(?:ones|${OF_THEM}))?`;
  const cue = (kind: ReferenceKind, source: string): ReferenceCue => ({ kind, source });
  return [
    cue("value", `\\b(?:than|after|before|above|below|over|under|past|beyond|exceed(?:s|ing)?)\\s+(?<at>that|this|it)\\b(?!\\s+(?!today|now|already|right|at|in|this|last)\\p{L})`),
    cue("value", `\\b(?<at>(?:that|this)\\s+${MEASURE}(?:\\s+of\\s+\\p{L}+)?)\\b`),
    cue("entities", `\\b(?<at>(?:each|all|any|every one|both|one|some|most|which)\\s+${OF_THEM}(?:\\s+${COUNT})?(?:\\s+${noun})?)\\b`),
    cue("ranked", `\\b(?<at>${EACH_OF}(?:the|those|these)\\s+${RANK}\\s+${COUNT}${ofRank})\\b${notNew}`),
    cue("ranked", `\\b(?<at>${EACH_OF}(?:the|those|these)\\s+${COUNT}\\s+${RANK}${ofRank})\\b${notNew}`),
    cue("ranked", `\\b(?<at>the\\s+${RANK}\\s+(?:ones|${OF_THEM}))\\b`),
    cue("entities", `\\b(?<at>${EACH_OF}(?:those|these|this|such|said|the same)\\s+(?:${COUNT}\\s+)?(?:\\p{L}+\\s+)?${noun})\\b`),
    cue("entities", `\\b(?<at>${EACH_OF}(?:those|these|the)\\s+${COUNT})${CLAUSE_END}`),
    cue("entities", `\\b(?<at>(?:this|that|each|every)\\s+${nouns.singular})\\b`),
    cue("entities", `\\b(?<at>all\\s+(?:${COUNT}|of them))${CLAUSE_END}`),
    cue("entities", `\\b(?<at>(?:that|this|the)\\s+(?:short ?list|list|group|set|selection|bunch|lot|batch|rest))${CLAUSE_END}`),
    cue("entities", "\\b(?:for|of|among|with|from)\\s+(?<at>what(?:ever)?(?:'s| is)? (?:remains|left))\\b"),
    cue("entities", "\\b(?:narrow|cut|boil|whittle|break)\\s+(?<at>it|them|that|this|these|those)\\s+down\\b"),
    cue("entities", "\\b(?:keep|take|leave|pick)\\s+(?:only\\s+|just\\s+)?(?<at>those|the ones)\\b"),
    cue("which", "(?<at>\\bwhich\\s+ones\\b|^which(?=\\s+of\\s+(?:them|these|those)))"),
    cue("which", "^(?<at>which(?:\\s+ones)?|who)(?=\\s+(?:are|have|had|were|do|pay|owe)\\b)"),
    cue("entities", "\\b(?<at>each)(?=\\s+(?:is|was|has|will|would|can|may|might)\\b)"),
    cue("entities", "\\b(?:is|are|was|has|have|had|did|does|do|will|would|can|lose|save|keep|win)\\s+(?<at>each(?:\\s+one)?)\\b"),
    cue("entities", "(?<=\\b(?:for|about|of|to|on|with|per)\\s+)(?<at>each)\\b(?!\\s+\\p{L})"),
    cue("entities", "\\b(?<at>them|they|these)\\b(?!\\s+\\p{L}+s\\b)"),
    cue("their", "\\b(?<at>their|theirs|its)\\b"),
    cue("implied", `(?<at>\\b(?:${IMPLIED.join("|")}|per ${nouns.singular}\\b)(?!\\p{L}))`),
    cue("result", "\\b(?<at>(?:those|these|such)\\s+\\p{L}+(?:\\s+\\p{L}+)?)\\b"),
    cue("result", "\\b(?:based on|given|considering|about|against|for|to|on|with|apply|from|is|are)\\s+(?<at>that|this|those)\\b(?=\\s*[.,;?!]|\\s*$|\\s+(?:and|to|for)\\b)"),
    cue("it", "\\b(?<at>it)\\b"),
  ]; // prettier-ignore
}
