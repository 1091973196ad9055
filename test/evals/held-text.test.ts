/** What the gate over answers says, and of what it only counts. */
import { expect, it } from "vitest";
import { heldText } from "../../evals/answer-gate/held-text.ts";

it("lists what failed in the dev split, and counts what failed in the held-out one", () => {
  const fault = (id: string, split: "dev" | "heldout") => ({
    id,
    split,
    backend: "genie",
    kind: "cut" as const,
    score: { honest: false, problem: "the failed backend is not named" },
  });
  const held = { passed: false, reached: [], missed: [], unrecorded: [], scored: [] };
  const faults = [fault("seen-1", "dev"), fault("secret-1", "heldout"), fault("secret-2", "heldout")];
  const lines = heldText({ ...held, faults }).split("\n");
  expect(lines).toEqual([
    "seen-1, genie with cut: the failed backend is not named",
    "2 held-out answers with a failing backend are not honest.",
    "The answers do not hold.",
  ]);
});
