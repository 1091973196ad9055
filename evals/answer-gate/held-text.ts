/** What the gate over answers found, as lines for a terminal. */
import type { Held } from "./hold-answers.ts";

export function heldText({ reached, missed, unrecorded, faults, passed }: Held): string {
  const table = reached.map(({ split, metric, hits, total, floor }) => {
    const share = total === 0 ? "-" : `${((hits / total) * 100).toFixed(1)} %`;
    return `${split.padEnd(8)} ${metric.padEnd(13)} ${share.padStart(7)} (${hits} of ${total}), floor ${(floor * 100).toFixed(0)} %`;
  });
  const bad = faults.filter(({ score }) => !score.honest);
  const hidden = bad.filter(({ split }) => split === "heldout").length;
  // Nobody tunes by what is set aside.
  const dishonest = bad
    .filter(({ split }) => split === "dev")
    .map(({ id, backend, kind, score }) => `${id}, ${backend} with ${kind}: ${score.problem}`);
  if (hidden > 0) dishonest.push(`${hidden} held-out answers with a failing backend are not honest.`);
  const again = unrecorded.length === 0 ? [] : [`${unrecorded.length} questions to backends are not recorded; \`npm run evals -- record\` asks them.`]; // prettier-ignore
  const verdict = passed ? "The answers hold." : "The answers do not hold.";
  return [...table, ...dishonest, ...again, ...missed, verdict].join("\n");
}
