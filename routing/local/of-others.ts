/** Recognises what belongs to another company: "how many customers does Netflix have", "the refund policy of Amazon". */
import type { Reader } from "./reader.ts";
import { weighWords } from "./weigh-words.ts";

/** What every company has its own of. */
const OWN = "(?:polic(?:y|ies)|handbooks?|playbooks?|guidelines?|rules|procedures?|terms|employees|staff)";
const NAME = "(\\p{Lu}\\p{Ll}+)";

export function isOfOthers(text: string, reader: Reader): boolean {
  const owned = `(?:${reader.nouns.plural}|${OWN})`;
  const patterns = [
    `\\b${owned}\\s+(?:does|did|has)\\s+${NAME}\\s+(?:have|had|got)\\b`,
    `\\b${OWN}\\s+(?:of|at)\\s+${NAME}(?!\\s+\\p{Lu})(?![\\p{L}-])`,
    `(?<!\\p{Lu}\\p{Ll}+\\s)\\b${NAME}['’]s\\s+(?:\\S+\\s+){0,2}?${owned}\\b`,
  ];
  return patterns.some((pattern) => {
    const owner = new RegExp(pattern, "u").exec(text)?.[1];
    return owner !== undefined && isForeign(owner, reader);
  });
}

/** No backend speaks of it, and it is no country: those have customers. */
function isForeign(owner: string, { knowledge, nouns }: Reader): boolean {
  const { unknown } = weighWords(owner.toLowerCase(), undefined, knowledge, nouns);
  return unknown.length > 0 && !isCountry(owner);
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

function isCountry(name: string): boolean {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  return LETTERS.some((a) => LETTERS.some((b) => names.of(a + b) === name));
}
