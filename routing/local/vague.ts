/** Questions that leave open what is wanted: a bare topic, a mere name, or a pointer with nothing to point to. */
import { intentsIn } from "../intents.ts";
import type { Knowledge } from "../knowledge.ts";
import { contentWords } from "../text/content.ts";
import { properNames } from "../text/names.ts";
import { VAGUE_NOUNS } from "../text/vocabulary.ts";
import type { Word } from "../text/words.ts";
import { ASKS, GLUE, ORDERS, POLITE } from "./cues.ts";
import type { Reader, Reading } from "./reader.ts";

/** Wordings that wish to hear about something, and do not say what. */
const FRAME = new RegExp(
  `^(?:(?:can|could|would) you )?(?:please )?(?:${[
    "tell me (?:something |more |a bit |all |everything )?about|what about|how about|(?:let'?s )?talk (?:to me )?about",
    "(?:give|get|send) me (?:the (?:lowdown|rundown|scoop|latest|facts|picture)|something|anything|everything|info(?:rmation)?|an? (?:overview|update|briefing)|details)(?: (?:on|about|of|for))?",
    "(?:i(?:'m| am)? )?(?:need|want|looking for) (?:something|anything|info(?:rmation)?|(?:some )?help|details|data)(?: (?:on|about|with|for))?",
    "help (?:me )?(?:with|on)|what do (?:we|you) (?:have|know) (?:on|about)|where (?:do|are) we (?:stand )?(?:with|on)",
    "(?:have|take) a look at|look (?:into|at)|(?:any|some) (?:news|thoughts|info(?:rmation)?|updates?|ideas?)(?: (?:on|about|for))?",
    "(?:an? )?(?:overview|update|briefing) (?:on|about|of)|something (?:seems|is|looks) (?:off|wrong|weird|strange) with",
    "how (?:is|are|'s) (?:things|it|we|everything) (?:going |doing |looking )?(?:with|at|in|on|for)|are (?:we|things) (?:ok(?:ay)?|fine|good|alright) (?:in|with|on|at)",
    "(?:something|anything) (?:about|on)",
    "what(?:'s| is) (?:up|new|going on|happening) (?:with|at|in)",
  ].join("|")})(?![\\p{L}\\p{N}])\\s*`,
  "iu",
);
const TRAILER =
  /[\s,–—-]+(?:(?:any )?(?:thoughts|ideas|news)|what do we (?:have|know) (?:on|about) (?:that|it|them)|can you (?:help|(?:have a )?look (?:into|at) (?:it|that)))\s*[?.!]*$/iu;
/** What a question is wanted for says nothing of what is wanted. */
const PURPOSE =
  /\bfor (?:the|my|our|a|an|this|next) (?:[\p{L}-]+ ){0,2}(?:meeting|call|review|presentation|board|deck|report|session|workshop)\b/iu;

const SHORT = 2;
/** A topic that stands alone is left open below this. */
const CLEAR = 0.99;
/** Words that only say something of what is pointed at: `is that allowed?`, `how long does it take?`. */
const LIGHT: ReadonlySet<string> = new Set([
  "long", "far", "often", "soon", "expensive", "cheap", "allowed", "responsible", "okay", "bad", "cost", "costs",
]); // prettier-ignore
/** `What's the policy?`: there is more than one. */
const WHICH_ONE =
  /^what(?:'s| is| are) (?:the|our) (?:polic(?:y|ies)|rules?|process|procedure|price|plan|rate|cost|steps?)$/iu;
/** A relative `that` points at nothing. */
const POINTS =
  /\b(?:it|them|they)\b|\b(?:is|are|was|were|does|do|did|would|will|can|could|about|for|of|with|to|on) (?:that|this|these|those)\b(?!\s+(?!allowed|normal|okay|expensive|enough)\p{L}{5,})/iu;

/** `reading`: of the whole question, which stands at the beginning of a conversation. */
export function isVague(reading: Reading, reader: Reader): boolean {
  const said = withoutLead(reading.text).replace(/(?:[\s,?.!]+|\s(?:please|pls|plz))+$/iu, "");
  const topic = said.replace(FRAME, "").replace(TRAILER, "").replace(PURPOSE, "");
  const framed = topic.length < said.length;
  const words = topicWords(topic, reader);
  if (WHICH_ONE.test(said)) return true;
  if (POINTS.test(topic) && !NUMBER.test(topic) && words.every(({ lower }) => LIGHT.has(lower))) return true;
  if (intentsIn(topic).length > 0) return false;
  if (words.length === 0) return framed || isBare(topic) || isMood(topic, reader);
  if (words.length > SHORT || !isBare(topic) || !words.every((word) => isShared(word, reader.knowledge)))
    return false;
  return framed || (contentWords(topic).length === 1 && reading.probability < CLEAR);
}

/** `Hello, what is our MRR?` asks. */
function withoutLead(text: string): string {
  for (let rest = text; ;) {
    const lead = (POLITE.exec(rest) ?? GLUE.exec(rest))?.[0] ?? "";
    const left = rest.slice(lead.length).replace(/^[\s,.!–—-]+/u, "");
    if (lead === "" || left === "") return rest;
    rest = left;
  }
}

/** `Is 12 % allowed?` says more than `is that allowed?`. */
const NUMBER = /\d/u;

/** `Is Europe ok?`: how something is, and not what of it. */
function isMood(topic: string, { nouns }: Reader): boolean {
  return /^(?:is|are|was|were|how)\b/iu.test(topic) && !new RegExp(`\\b${nouns.plural}\\b`, "iu").test(topic);
}

/** No question and no order: `Acme Academy?`, `discounts on annual plans`. */
function isBare(topic: string): boolean {
  return !ASKS.test(topic) && !ORDERS.test(topic);
}

/** Words that say what is asked, not of whom or of which slice. */
function topicWords(topic: string, { nouns, slices }: Reader): Word[] {
  const names = properNames(topic).join(" ").toLowerCase();
  return contentWords(topic).filter(
    ({ lower, stem }) =>
      !VAGUE_NOUNS.has(lower) && !nouns.stems.has(stem) && !slices.has(stem) && !names.includes(lower),
  );
}

/** Several backends speak of it, each in its way. */
function isShared({ stem }: Word, { cards }: Knowledge): boolean {
  return cards.filter((card) => card.stems.has(stem) && !card.chance.has(stem)).length > 1;
}
