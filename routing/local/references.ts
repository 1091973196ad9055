/** Finds what in a clause points back, and puts in its place what is meant. */
import type { EntityNouns } from "./entities.ts";
import { referenceCues, type ReferenceKind } from "./reference-cues.ts";

export interface ReferenceHit {
  kind: ReferenceKind;
  /** Where the pointing words stand in the clause (UTF-16, end exclusive). */
  start: number;
  end: number;
  text: string;
}

export type FindReference = (clause: string) => ReferenceHit | null;

export function createReferenceFinder(nouns: EntityNouns): FindReference {
  const compiled = referenceCues(nouns).map(({ kind, source }) => ({
    kind,
    pattern: new RegExp(source, "iud"),
  }));
  return (clause) => {
    for (const { kind, pattern } of compiled) {
      const span = pattern.exec(clause)?.indices?.groups?.["at"];
      if (span !== undefined)
        return { kind, start: span[0], end: span[1], text: clause.slice(span[0], span[1]) };
    }
    return null;
  };
}

/** The clause with what it points to in the place of the pointer. */
export function resolveReference(clause: string, hit: ReferenceHit, target: string): string {
  const before = clause.slice(0, hit.start);
  const after = clause.slice(hit.end);
  if (hit.kind === "implied") return append(clause, target);
  if (hit.kind === "which") return `${before}which of ${target}${after}`;
  if (hit.kind === "their") return append(`${before}the${after}`, target);
  return `${before}${target}${after}`;
}

/** `... for TARGET`, in front of the closing punctuation. */
export function append(clause: string, target: string): string {
  const end = /[\s.?!]*$/.exec(clause)!.index;
  return `${clause.slice(0, end)} for ${target}${clause.slice(end)}`;
}
