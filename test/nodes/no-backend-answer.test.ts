import { describe, expect, it } from "vitest";
import { noBackendAnswer } from "../../nodes/no-backend-answer.ts";
import type { Plan } from "../../routing/plan.ts";
import { fourBackends } from "../routing/cards.fixture.ts";

const { backends } = fourBackends();
const DIRECT = { kind: "direct" } as Plan;
const earlier = [{ role: "user" as const, content: "What is the MRR?" }];

describe("an answer without a backend", () => {
  it("says what can be asked to who greets or wants to know it", () => {
    expect(noBackendAnswer(DIRECT, backends, { question: "hi", history: [] })).toContain("**Revenue genie**");
    const asked = noBackendAnswer(DIRECT, backends, { question: "what can you do?", history: earlier });
    expect(asked).toContain("What can be asked here");
  });

  it("is short for thanks in a conversation", () => {
    expect(noBackendAnswer(DIRECT, backends, { question: "thanks!", history: earlier })).toBe(
      "You are welcome. Ask again whenever you like.",
    );
  });
});
