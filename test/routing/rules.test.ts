/** Tier 0: mentions and the operator's rules. */
import { describe, expect, it } from "vitest";
import { compileRules, matchMentions } from "../../routing/rules.ts";

const backends = ["sales", "docs_2"];

describe("matchMentions", () => {
  it("takes known names out of the question, in order and once", () => {
    expect(matchMentions("@docs_2, @Sales and @docs_2 what is new?", backends)).toEqual({
      backends: ["docs_2", "sales"],
      question: "and what is new?",
      reason: "The question names @docs_2 and @sales.",
    });
  });

  it("leaves e-mail addresses and unknown names alone", () => {
    expect(matchMentions("write to ada@sales.com or @nobody", backends)).toBeNull();
  });

  it("keeps a question that is only a mention", () => {
    expect(matchMentions("@sales", backends)?.question).toBe("@sales");
  });
});

describe("compileRules", () => {
  const rules = compileRules([
    { pattern: "\\brefund", backends: ["gone"], flags: "i" },
    { pattern: "\\brefund", backends: ["docs_2", "gone"], flags: "gi" },
    { pattern: "REVENUE", backends: ["sales"], flags: "" },
  ]);

  it("takes the first rule with a backend that may be used, every time anew", () => {
    for (let i = 0; i < 3; i++)
      expect(rules("Refund rules?", backends)).toEqual({
        backends: ["docs_2"],
        question: "Refund rules?",
        reason: "The rule /\\brefund/ matches.",
      });
  });

  it("minds the flags of a rule", () => {
    expect(rules("revenue", backends)).toBeNull();
    expect(rules("REVENUE", backends)?.backends).toEqual(["sales"]);
  });
});
