import { describe, expect, it } from "vitest";
import { createSentenceGate, type Unconfirmed } from "../../nodes/sentence-gate.ts";

/** Confirms 5, and 7 only with a claim. */
const unconfirmed: Unconfirmed = (text, claims) =>
  [...text.matchAll(/\d+(?:\.\d+)?/g)]
    .filter(([number]) => number !== "5" && !(number === "7" && claims.length > 0))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));

function gated(pieces: string[], claimed: boolean): string[] {
  const gate = createSentenceGate(unconfirmed);
  return [...pieces.map((piece) => gate.push(piece)), gate.end(claimed ? [{ text: "", evidence: [] }] : [])];
}

describe("the sentence gate", () => {
  it("shows a sentence as soon as it is whole and its numbers are confirmed", () => {
    expect(gated(["MRR is", " 5. It", " grew. "], false)).toEqual(["", "MRR is 5. ", "It grew. ", ""]);
  });

  it("holds everything from the first unconfirmed number on, and shows it when a claim confirms it", () => {
    expect(gated(["It is 5. Then 7. And so on."], true)).toEqual(["It is 5. ", "Then 7. And so on."]);
  });

  it("flags in place what nothing confirms", () => {
    expect(gated(["Then 7 or 9. More."], false)).toEqual([
      "",
      "Then 7 (not confirmed) or 9 (not confirmed). More.",
    ]);
  });

  it("does not take the point of a number for the end of a sentence", () => {
    expect(gated(["It is 7.", "5 in all. "], false)).toEqual(["", "", "It is 7.5 (not confirmed) in all. "]);
  });
});
