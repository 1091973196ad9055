/** What the answer says of a gap comes from us: its numbers are not held against the evidence. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack, textOf, type Stack } from "./stack.ts";

const QUESTION = "Total MRR by region in Q3 2026, and what does the discount policy allow?";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "status", status: 503 } });
});
afterAll(() => stack.close());

describe("an answer with a gap", () => {
  it("says when the backend is tried again, and does not doubt itself for it", async () => {
    for (let i = 0; i < 5; i++) await stack.ask({ input: QUESTION });
    const text = textOf((await stack.ask({ input: QUESTION })).body);
    expect(text).toMatch(
      /policy_assistant is temporarily unavailable: it failed repeatedly and is tried again in \d+ s\./,
    );
    expect(text).not.toContain("Not confirmed by the evidence");
  });
});
