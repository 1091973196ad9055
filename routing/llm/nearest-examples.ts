/** The labelled questions most like a new one, so that a model sees how this deployment routes. */
import type { Example } from "../classifier/train.ts";
import type { Knowledge } from "../knowledge.ts";
import { contentWords } from "../text/content.ts";

/** At most `count`, by shared content words (cosine), ties in order of configuration. */
export function nearestExamples(
  question: string,
  knowledge: Knowledge,
  allowed: readonly string[],
  count: number,
): Example[] {
  const wanted = stemsOf(question);
  return knowledge.examples
    .filter((example) => allowed.includes(example.label))
    .map((example) => ({ example, likeness: cosine(wanted, stemsOf(example.text)) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, count)
    .map(({ example }) => example);
}

function stemsOf(text: string): Set<string> {
  return new Set(contentWords(text).map((word) => word.stem));
}

function cosine(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const stem of a) if (b.has(stem)) both++;
  return both / Math.sqrt(a.size * b.size);
}
