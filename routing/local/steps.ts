/** Writes linked clauses down as steps: ids, self-contained questions, extracts and what goes along as context. */
import type { Extract, Rejected, Step } from "../plan.ts";
import { OTHER } from "../other-examples.ts";
import { pluralOf, wantedCount } from "./entities.ts";
import type { Link } from "./links.ts";
import type { Reader } from "./reader.ts";
import { append, resolveReference } from "./references.ts";

/** Entities that go on to later steps when the question does not say how many. */
const DEFAULT_LIMIT = 10;

export function writeSteps(links: readonly Link[], reader: Reader): Step[] {
  const steps: Step[] = [];
  links.forEach((link, index) => steps.push(writeStep(link, index, steps, links, reader)));
  return steps;
}

function writeStep(
  link: Link,
  index: number,
  steps: readonly Step[],
  links: readonly Link[],
  reader: Reader,
): Step {
  const { clause } = link;
  const card = reader.knowledge.card(clause.backend)!;
  const depends = link.needs.map((position) => steps[position]!.id);
  return {
    id: `s${index + 1}`,
    backend: clause.backend,
    question: sentence(fill(link, steps, links, reader, card.config.accepts_context)),
    depends_on: depends,
    context_from: card.config.accepts_context ? depends : [],
    extract: [],
    optional: false,
    why: reasonFor(link, reader),
    confidence: round(clause.probability),
    rejected: rejectedFor(link),
  };
}

function fill(
  link: Link,
  steps: readonly Step[],
  links: readonly Link[],
  reader: Reader,
  takesContext: boolean,
): string {
  const { clause, reference, source } = link;
  if (source === null) {
    if (reference === null || link.antecedent === null) return clause.text;
    return resolveReference(clause.text, reference, link.antecedent);
  }
  const step = steps[source]!;
  if (reference?.kind === "value" || reference?.kind === "result") {
    if (takesContext) return clause.text;
    return resolveReference(clause.text, reference, valueOf(step));
  }
  if (clause.guidance) return clause.text;
  const target = entitiesOf(step, links[source]!, link, reader);
  if (reference === null) return append(clause.text, target);
  return resolveReference(clause.text, reference, target);
}

/** `after how many days` gives a number named `days` and its unit; anything else the whole answer. */
function valueOf(step: Step): string {
  const noun = /\bhow (?:many|much)\s+(\p{L}+)/iu.exec(step.question)?.[1]?.toLowerCase();
  if (noun === undefined || !/^[a-z][a-z0-9_]{0,30}$/.test(noun)) return `{{${step.id}.answer}}`;
  addExtract(step, { name: noun, type: "number", column: noun, limit: 1 });
  return `{{${step.id}.${noun}}} ${noun}`;
}

function entitiesOf(step: Step, source: Link, link: Link, reader: Reader): string {
  const noun = reader.nouns.canonical;
  const own = wantedCount(source.clause.text, reader.nouns);
  const limit = link.limit ?? own ?? DEFAULT_LIMIT;
  const known = step.extract.find(
    (extract) => extract.type === "list" && (link.limit === null || extract.limit === limit),
  );
  const name = known?.name ?? (step.extract.length === 0 ? pluralOf(noun) : `top_${limit}_${pluralOf(noun)}`);
  if (known === undefined) addExtract(step, { name, type: "list", column: noun, limit });
  return `{{${step.id}.${name}}}`;
}

function addExtract(step: Step, extract: Extract): void {
  if (!step.extract.some((known) => known.name === extract.name)) step.extract.push(extract);
}

function sentence(text: string): string {
  const trimmed = text.replace(/\s+/g, " ").replace(/[\s,;:]+$/, "");
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}

function reasonFor({ clause }: Link, reader: Reader): string {
  const words = [...new Set(clause.known)].slice(0, 4);
  const matching = words.length === 0 ? "its wording fits" : `it speaks of ${words.join(", ")}`;
  const kind = reader.knowledge.card(clause.backend)!.kind.replaceAll("_", " ");
  return `${clause.backend} (${kind}): ${matching}; probability ${round(clause.probability)}.`;
}

function rejectedFor({ clause }: Link): Rejected[] {
  return clause.scored
    .filter(({ label }) => label !== OTHER && label !== clause.backend)
    .map(({ label, probability }) => ({
      backend: label,
      probability: round(probability),
      reason: `Fits less well than ${clause.backend} (${round(probability)} against ${round(clause.probability)}).`,
    }));
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
