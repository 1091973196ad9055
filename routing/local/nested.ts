/** Finds a set described inside a question about it: "the churn risk of <the top 5 accounts by revenue>". */
import { intentsIn } from "../intents.ts";
import type { Clause } from "./clauses.ts";
import { ACCORDING_TO, DECIDES } from "./cues.ts";
import { RANKED, yieldsEntities } from "./entities.ts";
import type { Reader, Reading } from "./reader.ts";

/** What has to be asked first stands first; one clause when nothing is nested. */
export function unnest(clause: Clause, reader: Reader): Clause[] {
  const source = splitSource(clause, reader);
  if (source === null) return splitSet(clause, reader) ?? [clause];
  const [guidance, main] = source;
  const parts = splitSet(main, reader);
  return parts === null ? [guidance, main] : [parts[0], guidance, parts[1]];
}

/** `what should we do according to our playbook` asks the playbook first and hands its answer on. */
function splitSource(clause: Clause, reader: Reader): [Clause, Clause] | null {
  const cue = ACCORDING_TO.exec(clause.text);
  if (cue === null) return null;
  const mainText = clause.text.slice(0, cue.index).trim();
  if (!DECIDES.test(mainText) || intentsIn(mainText).includes("rules")) return null;
  const main = reader.read(mainText);
  const source = reader.readSource(clause.text.slice(cue.index + cue[0].length).trim());
  if (source === null || source.known.length === 0 || source.backend === main.backend) return null;
  return [
    { ...clause, ...source, text: clause.text, reference: clause.reference, strong: true, guidance: true },
    { ...clause, ...main, strong: true, joint: "then", why: false },
  ];
}

const INNER_END = /\s(?=(?:also|have|has|had|are|is|be|do|pay|owe|would|will|still|already)\b)|[\s.?!]*$/giu;

function splitSet(clause: Clause, reader: Reader): [Clause, Clause] | null {
  const { plural } = reader.nouns;
  const starts = new RegExp(
    `\\b(?:the|our|my)\\s+(?=(?:\\S+\\s+){0,6}?${plural}\\b)(?=(?:\\S+\\s+){0,9}?${RANKED}\\b|(?:\\S+\\s+){0,6}?${plural}\\s+(?:whose|that|who|which)\\b)`,
    "giu",
  );
  let best: { score: number; inner: Reading; outer: Reading } | null = null;
  for (const start of clause.text.matchAll(starts)) {
    for (const end of clause.text.matchAll(INNER_END)) {
      if (end.index <= start.index + start[0].length) continue;
      const text = clause.text.slice(start.index, end.index);
      if (/\b(?:that|who|which|and|or)$|[.?!]\s/iu.test(text)) continue;
      const inner = reader.readSet(text);
      if (!describesSet(inner, reader)) continue;
      const rest = `${clause.text.slice(0, start.index)}these ${reader.nouns.canonical}s${clause.text.slice(end.index)}`;
      const outer = reader.read(rest);
      const score = inner.probability * outer.probability;
      if (!asksOfSet(outer) || outer.backend === inner.backend) continue;
      if (best === null || score > best.score) best = { score, inner, outer };
    }
  }
  if (best === null || best.score < 0.3) return null;
  return [
    { ...clause, ...best.inner, why: false, guidance: false },
    { ...clause, ...best.outer, joint: "then", guidance: false },
  ];
}

const LIKELY = 0.5;

function describesSet(inner: Reading, reader: Reader): boolean {
  return (inner.strong || inner.probability >= LIKELY) && yieldsEntities(inner.text, reader.nouns);
}

/** More than `give me these customers`. */
function asksOfSet(outer: Reading): boolean {
  return (outer.strong && outer.known.length > 0) || (outer.clear && DECIDES.test(outer.text));
}
