/** Adds a look at the data to a decision that was asked for with its reasons. */
import type { Card } from "../cards.ts";
import type { Step } from "../plan.ts";
import { contentWords } from "../text/content.ts";
import { decides, type Link } from "./links.ts";
import type { Reader } from "./reader.ts";
import { resolveReference } from "./references.ts";

const MOST_MEASURES = 4;

/**
 * "Who, why, and what should we do" is a decision over entities: what a model gives as reasons is checked against
 * the tables, so that the step that decides is fed with facts. Returns the steps with the look-up put in before the
 * deciding one, or as they were when no table backend is left to ask.
 */
export function addFacts(steps: Step[], links: readonly Link[], reader: Reader): Step[] {
  const reasoned = links.findIndex((link) => link.clause.why);
  const deciding = links.findIndex(
    (link, i) => i > reasoned && link.needs.includes(reasoned) && decides(link.clause),
  );
  if (reasoned < 0 || deciding < 0) return steps;
  const source = steps[reasoned]!;
  const list = source.extract.find((extract) => extract.type === "list");
  const tables = reader.knowledge.cards.find(
    (card) =>
      (card.kind === "genie" || card.kind === "sql") &&
      reader.allowed.includes(card.name) &&
      !steps.some((step) => step.backend === card.name),
  );
  if (list === undefined || tables === undefined) return steps;
  const decider = reader.knowledge.card(steps[deciding]!.backend)!;
  const question = factQuestion(tables, decider, `{{${source.id}.${list.name}}}`, reader);
  return question === null ? steps : insert(steps, deciding, factStep(tables, source, question));
}

function factStep(tables: Card, source: Step, question: string): Step {
  return {
    id: "",
    backend: tables.name,
    question: question.replace(/^./, (first) => first.toUpperCase()),
    depends_on: [source.id],
    context_from: tables.config.accepts_context ? [source.id] : [],
    extract: [],
    optional: true,
    why: `${tables.name} (${tables.kind}): holds the facts behind the reasons that the decision rests on.`,
    confidence: source.confidence,
    rejected: [],
  };
}

/**
 * What to look up about the entities, from the configuration alone: what the deciding backend says it takes and the
 * tables hold; else the example of the tables about a set of entities that names most of their subjects; else what the tables say they hold.
 */
function factQuestion(tables: Card, decider: Card, target: string, reader: Reader): string | null {
  const taken = measuresIn(decider, tables, reader);
  if (taken.length > 1) return `${enumerate(taken)} of ${target}`;
  const example = tables.examples
    .map(({ text }) => ({ text, hit: reader.findReference(text) }))
    .filter(({ text, hit }) => hit?.kind === "entities" && /,|\band\b/.test(text))
    .sort((a, b) => subjectsOf(b.text, tables) - subjectsOf(a.text, tables))[0];
  if (example !== undefined) return resolveReference(example.text, example.hit!, target);
  const held = measuresIn(tables, tables, reader);
  return held.length === 0 ? null : `${enumerate(held)} of ${target}`;
}

function subjectsOf(text: string, { subjects }: Card): number {
  return contentWords(text).filter((word) => subjects.has(word.stem)).length;
}

/** Phrases of a card that name something the tables hold: "from their MRR and open tickets". */
function measuresIn(card: Card, tables: Card, reader: Reader): string[] {
  return card.phrases
    .filter((phrase) => !/\b(?:by|per)\b/i.test(phrase))
    .map((phrase) => phrase.replace(LEAD, ""))
    .filter((phrase) => {
      const words = contentWords(phrase);
      const measured =
        words.length > 0 && words.length <= 3 && words.every((word) => tables.stems.has(word.stem));
      return measured && !words.some((word) => reader.nouns.stems.has(word.stem));
    })
    .slice(0, MOST_MEASURES);
}

/** `from their MRR` is about MRR. */
const LEAD =
  /^(?:.*\b(?:from|of|on|about|for|with|using|needs|takes)\s+)?(?:(?:their|its|the|each|every)\s+)*/i;

function enumerate(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}

/** Puts a step at a position and numbers all steps anew. */
function insert(steps: readonly Step[], position: number, added: Step): Step[] {
  const renamed = (id: string): string => {
    const number = Number(id.slice(1));
    return number > position ? `s${number + 1}` : id;
  };
  const moved = steps.map((step) => ({
    ...step,
    id: renamed(step.id),
    depends_on: step.depends_on.map(renamed),
    context_from: step.context_from.map(renamed),
    question: step.question.replace(/\{\{(s\d+)\./g, (_, id: string) => `{{${renamed(id)}.`),
  }));
  const id = `s${position + 1}`;
  const decider = moved[position]!;
  decider.depends_on.push(id);
  if (decider.context_from.length > 0) decider.context_from.push(id);
  return [...moved.slice(0, position), { ...added, id }, ...moved.slice(position)];
}
