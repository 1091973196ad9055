/** What can be asked instead: an example of each backend that speaks of the same, or of the one who is named. */
import type { Card } from "../cards.ts";
import { OTHER } from "../other-examples.ts";
import { contentWords } from "../text/content.ts";
import { properNames } from "../text/names.ts";
import { FUNCTION_WORDS } from "../text/vocabulary.ts";
import type { Reader, Reading } from "./reader.ts";
import { resolveReference } from "./references.ts";

const MOST = 4;

/** The likeliest backends first. */
export function suggestions(readings: readonly Reading[], reader: Reader): string[] {
  const text = readings.map((reading) => reading.text).join(" ");
  const order = readings[0]?.scored.filter(({ label }) => label !== OTHER) ?? [];
  return order
    .flatMap(({ label }) => {
      const card = reader.knowledge.card(label);
      return card === undefined
        ? []
        : (aboutNamed(card, text, reader) ?? onTopic(card, text) ?? card.examples[0]?.text ?? []);
    })
    .slice(0, MOST);
}

/** `How likely is this customer to churn?`, or somebody else by name, with the name in its place. */
function aboutNamed(card: Card, text: string, reader: Reader): string | null {
  const name = properNames(text).find(isWhole);
  if (name === undefined) return null;
  const pointer = new RegExp(`^(?:this|that)\\s+${reader.nouns.singular}$`, "iu");
  for (const { text: example } of shown(card)) {
    const hit = reader.findReference(example);
    if (hit !== null && pointer.test(hit.text) && standsAlone(example.slice(hit.end)))
      return resolveReference(example, hit, name);
    const other = properNames(example).find(isWhole);
    if (other !== undefined && !example.includes(`in ${other}`)) return example.replace(other, name);
  }
  return null;
}

/** One word may be anything: a region, a month. */
function isWhole(name: string): boolean {
  return name.includes(" ");
}

/** Not `this account owner`. */
function standsAlone(after: string): boolean {
  const next = /^\s+([\p{L}']+)/u.exec(after)?.[1];
  return next === undefined || FUNCTION_WORDS.has(next.toLowerCase());
}

function onTopic(card: Card, text: string): string | null {
  const asked = new Set(contentWords(text).map((word) => word.stem));
  return (
    shown(card).find(({ text: example }) => contentWords(example).some((word) => asked.has(word.stem)))
      ?.text ?? null
  );
}

/** Wordings are for the router alone. */
function shown(card: Card): Card["examples"] {
  const hidden = new Set(card.config.wordings);
  return card.examples.filter(({ text }) => !hidden.has(text));
}
