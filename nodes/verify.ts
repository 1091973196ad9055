/** Checks the answer against its evidence, without a model. What fails is flagged in a note, never hidden or changed. */
import { checkAnswer } from "../grounding/check-answer.ts";
import { isFailed, type Conflict, type Verification } from "../grounding/verification.ts";
import type { State, Update } from "./channels.ts";
import type { RunContext } from "./run-context.ts";
import { evidenceEntries } from "./evidence-entries.ts";
import { inProse } from "./in-prose.ts";
import { createLinkFilter } from "./link-filter.ts";
import { shownAddresses } from "./shown-addresses.ts";
import { loadEvidence } from "./sources.ts";
import type { Citation } from "./state.ts";

type Read = Pick<State, "question" | "options" | "answer" | "findings">;

export interface VerifyDeps {
  mode: "off" | "note" | "gate";
}

export function verify(deps: VerifyDeps) {
  return async (state: Read, run: RunContext): Promise<Update> => {
    const { answer, findings } = state;
    if (deps.mode === "off" || answer === null || findings.length === 0) return {};
    const evidence = await loadEvidence(findings, (hash) => run.evidence.get(hash));
    const verification = checkAnswer({
      text: answer.text,
      citations: answer.citations,
      claims: answer.claims ?? [],
      evidence: evidenceEntries(findings, evidence),
      // What we say ourselves of a failed call, such as when it is tried again, is no claim of the answer.
      question: [state.question, ...findings.flatMap(({ error }) => error?.message ?? [])].join("\n"),
    });
    // With the gate, failed numbers are flagged where they stand.
    const said = noteOn(verification, answer.citations, deps.mode === "note" || answer.composer !== "model");
    if (said === "" || !inProse(state.options, answer.tool_calls)) return { verification };
    // It names rows of the evidence, which are as foreign as any text from outside.
    const links = createLinkFilter(shownAddresses(state));
    const note = links.push(said) + links.end();
    run.emit({ type: "text", delta: note });
    return { verification, answer: { ...answer, text: answer.text + note } };
  };
}

function noteOn(verification: Verification, citations: Citation[], withNumbers: boolean): string {
  const failed = (withNumbers ? verification.numbers : [])
    .filter(isFailed)
    .map(({ text, note }) => `- ${text}: ${note || "it stands in no evidence."}`);
  const split = verification.conflicts.map((conflict) => `- ${disagreement(conflict, citations)}`);
  const blocks = [
    failed.length === 0 ? "" : `*Not confirmed by the evidence:*\n\n${failed.join("\n")}`,
    split.length === 0 ? "" : `*The sources disagree:*\n\n${split.join("\n")}`,
  ].filter(Boolean);
  return blocks.length === 0 ? "" : `\n\n${blocks.join("\n\n")}`;
}

function disagreement({ measure, entity, values }: Conflict, citations: Citation[]): string {
  const sides = values.map(({ evidence, backend, value }) => {
    const marker = citations.find((citation) => citation.evidence === evidence);
    return `${value ?? "nothing"} (${backend}${marker === undefined ? "" : `, source ${marker.n}`})`;
  });
  return `${measure} of ${entity}: ${sides.join(" against ")}.`;
}
