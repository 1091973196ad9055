import { describe, expect, it } from "vitest";
import { remember } from "../../nodes/memory.ts";
import type { Message } from "../../nodes/state.ts";

const history: Message[] = [
  { role: "user", content: "How many customers? Just EMEA." },
  { role: "assistant", content: "410." },
];

describe("remember", () => {
  it("keeps a bounded window and one sentence of each question that left it", () => {
    const update = remember(
      { question: "And APAC?", history, summary: "Earlier.", plan: null },
      "220.",
      [],
      1,
    );
    expect(update.history).toEqual([
      { role: "user", content: "And APAC?" },
      { role: "assistant", content: "220." },
    ]);
    expect(update.summary).toBe("Earlier. How many customers?");
  });

  it("keeps nothing but the summary when the window is closed", () => {
    expect(remember({ question: "Q?", history: [], summary: "", plan: null }, "A.", [], 0).history).toEqual(
      [],
    );
  });
});
