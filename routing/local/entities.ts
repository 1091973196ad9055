/** The things that questions are about (customers, products, ...): sets of them, names of them, how many are wanted. */
import type { Card } from "../cards.ts";
import { NUMBER_WORDS } from "../text/vocabulary.ts";
import { stem } from "../text/words.ts";

/** Nouns for things that a business lists; those that the backends speak of count. */
const NOUNS = [
  "customer", "account", "client", "company", "user", "member", "subscriber", "buyer", "shopper", "guest", "patient",
  "supplier", "vendor", "partner", "dealer", "product", "article", "sku", "store", "shop", "branch", "site", "plant",
  "warehouse", "employee", "technician", "student", "project", "order", "contract", "deal", "opportunity", "machine", "device", "vehicle", "sensor", "asset", "campaign", "shipment", "loan", "policyholder",
  "merchant", "tenant", "property", "hotel", "restaurant", "flight", "route", "portfolio", "fund", "firm", "business",
]; // prettier-ignore

export interface EntityNouns {
  /** The word, singular, with which a backend's tables most likely name the entity. */
  canonical: string;
  stems: ReadonlySet<string>;
  /** Regular expression sources for one of the nouns. */
  plural: string;
  singular: string;
}

/** Words for those who buy: where one is in use, people say the others as well. */
const BUYERS = ["customer", "account", "client", "company"];

/** A noun counts from this share of the most used one's uses on: `contract` may be a mere topic. */
const OFTEN = 0.2;

/** Nouns used by at least two backends, or by the only one; the most used one is canonical. */
export function entityNouns(cards: readonly Card[]): EntityNouns {
  const needed = Math.min(2, cards.length);
  const counted = NOUNS.map((noun) => {
    const using = cards.filter((card) => card.stems.has(stem(noun)));
    const uses = using.reduce((sum, card) => sum + card.stems.get(stem(noun))!, 0);
    return { noun, spread: using.length, uses };
  });
  const used = counted.filter(({ spread }) => spread >= needed).sort((a, b) => b.uses - a.uses);
  const most = used[0]?.uses ?? 0;
  const named = used.filter(({ uses }) => uses >= most * OFTEN).map(({ noun }) => noun);
  const buyers = named.length === 0 || named.some((noun) => BUYERS.includes(noun)) ? BUYERS : [];
  const nouns = [...new Set([...named, ...buyers])];
  return {
    canonical: nouns[0]!,
    stems: new Set(nouns.map(stem)),
    plural: `(?:${nouns.map(pluralOf).join("|")})`,
    singular: `(?:${nouns.join("|")})`,
  };
}

export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

const COUNT = `(?:\\d{1,4}|${Object.keys(NUMBER_WORDS).join("|")})`;
export const RANKED =
  "(?:top|bottom|first|last|best|worst|biggest|largest|smallest|highest|lowest|greatest|riskiest|likeliest|" +
  "oldest|newest|most|least|" +
  "(?!latest|interest|request|invest|suggest|honest|contest|protest|harvest|forest|guest|quest|digest)\\p{L}{3,}est)";

/** How many of a set are asked for: `top five`, `the ten biggest`, `which 3 accounts`, `the three most endangered`. */
export function wantedCount(text: string, nouns: EntityNouns): number | null {
  const patterns = [
    `\\b${RANKED}\\s+(${COUNT})\\b`,
    `\\b(${COUNT})\\s+(?:of\\s+(?:them|those|these)|${RANKED})\\b`,
    `\\b(${COUNT})\\s+(?:\\p{L}+[\\s-]+){0,3}${nouns.plural}\\b`,
    `\\b(?:the|these|those)\\s+(${COUNT})\\b`,
  ];
  for (const pattern of patterns) {
    const found = new RegExp(pattern, "iu").exec(text)?.[1];
    if (found !== undefined) return NUMBER_WORDS[found.toLowerCase()] ?? Number(found);
  }
  return null;
}

const COUNTED =
  /\b(?:how (?:many|much|often)|number of|count of|average|avg|mean|median|total|sum|share|percentage)\b|#/iu;

/** Whether the answer will be a set of entities that later clauses can mean by "them". */
export function yieldsEntities(text: string, nouns: EntityNouns): boolean {
  if (COUNTED.test(text)) return false;
  const set = nouns.plural;
  const patterns = [
    `^who(?:'?s|se)?\\b`,
    `^(?:of|among|amongst|from|for|take)\\s+(?:all\\s+)?(?:those|everyone|everybody|the ones)\\b`,
    `^(?:of|among|amongst|from|for|across)\\s+(?:the|our|my|all|any)\\s+(?:\\S+\\s+){0,4}?${set}\\b`,
    `^(?:some|several|many|certain|those)\\s+(?:\\S+\\s+){0,3}?${set}\\b`,
    `\\b(?:find|list|see|check|show|identify|know|determine|work out|figure out|tell me)\\s+(?:out\\s+)?(?:who|everyone|everybody|anyone)\\b`,
    `\\b(?:the|all|our|those|any)\\s+(?:\\S+\\s+){0,3}?${set}\\s+(?:that|who|whose|which|with|without)\\b`,
    `\\b(?:which|what)\\s+(?:of\\s+)?(?:\\S+\\s+){0,5}?${set}\\b`,
    `\\b(?:top|bottom)\\s+${COUNT}\\b`,
    `\\b(?:${RANKED}\\s+${COUNT}|${COUNT}\\s+${RANKED})\\b(?!\\s+(?:day|week|month|quarter|year)s?\\b)`,
    `\\b${COUNT}\\s+(?:\\S+\\s+){0,4}?${set}\\b`,
    `\\b${RANKED}\\s+(?:\\S+\\s+){0,4}?${set}\\b`,
    `\\b(?:list|find|identify|take|pick|choose|select|rank|score|name|get|start from|start with|pull|fetch|show|give|worried about)\\s+(?:\\S+\\s+){0,6}?${set}\\b`,
    `^(?:all\\s+|our\\s+|the\\s+|my\\s+)?(?:\\S+\\s+){0,3}?${set}\\s+(?:that|who|whose|which|with|without|w/o|no|at|in|likely|most|above|below|over|under|\\p{L}+ing)\\b`,
  ];
  return patterns.some((pattern) => new RegExp(pattern, "iu").test(text));
}
