/** What the configuration says of each backend, read once into words that routing can count. */
import type { BackendConfig } from "../config/schema.ts";
import { intentsOf, type Intent } from "./intents.ts";
import { contentWords } from "./text/content.ts";

export interface Card {
  name: string;
  kind: BackendConfig["kind"];
  config: BackendConfig;
  /** Labelled questions: examples, topics with their name, and wordings. */
  examples: { text: string; topic?: string }[];
  /** The description, cut at punctuation and list words. */
  phrases: string[];
  /** Stems of everything that the backend says of itself, and how often. */
  stems: ReadonlyMap<string, number>;
  /** Those of them that stand in one example among many, and nowhere else. */
  chance: ReadonlySet<string>;
  /** Stems of its description and the names of its topics: what it is about. */
  subjects: ReadonlySet<string>;
  /** Stems of its terms: words that it knows, though nobody asked with them yet. */
  terms: ReadonlySet<string>;
  /** Lower-case words of all of that, and how often. */
  words: ReadonlyMap<string, number>;
  /** What kinds of question it answers, by its kind and description. */
  intents: ReadonlySet<Intent>;
}

/** `promoted`: labelled questions from feedback, whose words the backend knows from then on. */
export function cardOf(config: BackendConfig, promoted: readonly string[] = []): Card {
  const examples = [
    ...config.examples.map((text) => ({ text })),
    ...Object.entries(config.topics).flatMap(([topic, texts]) => texts.map((text) => ({ text, topic }))),
    ...config.wordings.map((text) => ({ text })),
  ];
  const curated = [...describedBy(config), ...Object.keys(config.topics).map(spaced), ...promoted];
  const own = [...curated, ...examples.map((example) => example.text)];
  const subjects = new Set(curated.flatMap(contentWords).map((word) => word.stem));
  const stems = counted(own.flatMap(contentWords).map((word) => word.stem));
  return {
    name: config.name,
    kind: config.kind,
    config,
    examples,
    phrases: describedBy(config).flatMap(phrasesOf),
    stems,
    chance: chanceStems(subjects, examples, stems),
    subjects,
    terms: new Set(config.terms.flatMap(contentWords).map((word) => word.stem)),
    words: counted([...own, ...config.terms].flatMap(contentWords).map((word) => word.lower)),
    intents: intentsOf(config),
  };
}

/** From so many examples on, a word of only one of them was met by chance. */
const MANY = 60;

function chanceStems(
  subjects: ReadonlySet<string>,
  examples: Card["examples"],
  stems: Card["stems"],
): Set<string> {
  if (examples.length < MANY) return new Set();
  return new Set(
    [...stems].filter(([stem, count]) => count === 1 && !subjects.has(stem)).map(([stem]) => stem),
  );
}

/** Description, name, and the statements of an SQL backend. */
function describedBy(config: BackendConfig): string[] {
  const texts = [spaced(config.name), config.description];
  if (config.kind === "sql")
    for (const statement of config.statements) texts.push(spaced(statement.name), statement.description);
  return texts;
}

function spaced(name: string): string {
  return name.replaceAll(/[_-]+/g, " ");
}

/** `Tables of MRR, invoices and open tickets.` gives `Tables of MRR`, `invoices`, `open tickets`. */
export function phrasesOf(text: string): string[] {
  return text
    .split(/[.,;:()\n]+|\s+(?:and|or|as well as|including|such as|plus)\s+/i)
    .map((phrase) => phrase.trim())
    .filter((phrase) => contentWords(phrase).length > 0);
}

function counted(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
