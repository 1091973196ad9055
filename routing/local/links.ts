/** Decides which clause needs the results of which earlier one, and what of them. */
import type { Clause } from "./clauses.ts";
import { DECIDES, FRAMES } from "./cues.ts";
import { wantedCount, yieldsEntities } from "./entities.ts";
import { contentWords } from "../text/content.ts";
import { properNames } from "../text/names.ts";
import { stem } from "../text/words.ts";
import type { Reader } from "./reader.ts";
import type { ReferenceHit } from "./references.ts";

export interface Link {
  clause: Clause;
  /** Positions of the clauses whose results are needed. */
  needs: number[];
  /** The clause whose set of entities, value or result is pointed at; null without one. */
  source: number | null;
  reference: ReferenceHit | null;
  /** How many of the source's entities are meant; null for all. */
  limit: number | null;
  /** A name or noun from an earlier clause that the pointer stands for: no result is needed. */
  antecedent: string | null;
}

export function linkClauses(clauses: readonly Clause[], reader: Reader): Link[] {
  const links: Link[] = [];
  clauses.forEach((clause, index) => links.push(linkOne(clause, index, links, reader)));
  return links;
}

function linkOne(clause: Clause, index: number, earlier: readonly Link[], reader: Reader): Link {
  const free: Link = { clause, needs: [], source: null, reference: null, limit: null, antecedent: null };
  const previous = earlier.at(-1);
  if (previous === undefined) return free;
  const hit = clause.reference ?? saidBefore(clause.text, previous.clause.text);
  if (hit?.kind === "value" || hit?.kind === "result")
    return clause.joint === "beside" ? free : connect(free, index - 1, hit, earlier, reader);
  if (hit?.kind === "it")
    return { ...free, reference: hit, antecedent: properNames(previous.clause.text).at(-1) ?? null };
  const source = sourceOf(clause, hit, earlier, reader);
  if (source !== null && clause.joint !== "beside") return connect(free, source, hit, earlier, reader);
  if (source !== null && hit !== null && hit.kind !== "implied") {
    const linked = connect(free, source, hit, earlier, reader);
    return { ...linked, needs: [source] };
  }
  if (hit !== null && clause.joint !== "beside" && givesReasons(previous, clause, reader))
    return connect(
      { ...free },
      index - 1,
      hit.kind === "implied" ? hit : { ...hit, kind: "result" },
      earlier,
      reader,
    );
  if (hit !== null && hit.kind !== "implied")
    return { ...free, reference: hit, antecedent: antecedentOf(previous.clause.text) };
  return clause.joint === "then" ? connect(free, index - 1, hit, earlier, reader) : free;
}

/** `what does the policy say about that category`: what is found is meant, and the clause before says that word. */
function saidBefore(text: string, before: string): ReferenceHit | null {
  const said = new Set(contentWords(before).map((word) => word.stem));
  for (const match of text.matchAll(/\b(?:that|this)\s+(\p{L}+)/giu)) {
    if (!said.has(stem(match[1]!.toLowerCase())) && match[1] !== "one") continue;
    return { kind: "result", start: match.index, end: match.index + match[0].length, text: match[0] };
  }
  return null;
}

/** The earlier clause whose entities are meant, if any are. */
function sourceOf(
  clause: Clause,
  hit: ReferenceHit | null,
  earlier: readonly Link[],
  reader: Reader,
): number | null {
  const yields = earlier.map(
    (link) => !isDocs(link, reader) && yieldsEntities(link.clause.text, reader.nouns),
  );
  const producer = yields.lastIndexOf(true);
  const framed = producer >= 0 && FRAMES.test(earlier[producer]!.clause.text) && !hasOwn(clause, reader);
  const wanted =
    hit !== null || framed || clause.joint === "then" || (decides(clause) && !hasOwn(clause, reader));
  if (producer < 0 || !wanted) return null;
  if (hit?.kind !== "ranked") return producer;
  // A ranking is of those who judged the set last: `score them, and for the riskiest three ...`.
  const judged = earlier.findLastIndex(
    (link, i) => i > producer && link.source === producer && !isDocs(link, reader),
  );
  return judged < 0 ? producer : judged;
}

function connect(
  free: Link,
  source: number,
  reference: ReferenceHit | null,
  earlier: readonly Link[],
  reader: Reader,
): Link {
  const limit = reference === null ? null : wantedCount(reference.text, reader.nouns);
  const needs = decides(free.clause) ? connected(source, earlier, reader) : [source];
  return { ...free, needs, source, reference, limit };
}

/** For a decision everything found about the same entities counts, and all guidance. */
function connected(source: number, earlier: readonly Link[], reader: Reader): number[] {
  const root = earlier[source]!.source ?? source;
  return earlier.flatMap((link, i) => {
    const same = i === source || i === root || link.source === root || link.source === source;
    return same || (isDocs(link, reader) && link.clause.joint !== "beside") ? [i] : [];
  });
}

const REASONS = /\b(?:why|driv(?:e|es|ers?|ing)|reasons?|causes?|factors?|signals?|predictors?)\b/iu;

/** `the main drivers, and the plays for them`: what is pointed at are the reasons found before. */
function givesReasons(previous: Link, clause: Clause, reader: Reader): boolean {
  const said = previous.clause.why || REASONS.test(previous.clause.text);
  return said && previous.clause.backend !== clause.backend && !isDocs(previous, reader);
}

function isDocs(link: Link, reader: Reader): boolean {
  return reader.knowledge.card(link.clause.backend)?.kind === "knowledge_assistant";
}

export function decides(clause: Clause): boolean {
  return !clause.guidance && DECIDES.test(clause.text);
}

function hasOwn(clause: Clause, reader: Reader): boolean {
  return (
    properNames(clause.text).length > 0 || new RegExp(`\\b${reader.nouns.plural}\\b`, "iu").test(clause.text)
  );
}

const COUNTED_NOUN =
  /\b(?:how many|number of|count of|total|all)\s+((?:[\p{L}\p{N}-]+\s+){0,3}?[\p{L}\p{N}-]+)(?=\s+(?:were|was|are|is|did|do|does|have|has|had|in|at|on|last|this|per|by|there|we)\b|[\s.?!]*$)/iu;

/** What a pronoun stands for when it is no result: a name, or the noun that was counted. */
function antecedentOf(text: string): string | null {
  return properNames(text).at(-1) ?? COUNTED_NOUN.exec(text)?.[1] ?? null;
}
