/** References in questions and how they are filled. */
import { describe, expect, it } from "vitest";
import { referencesOf, substitute } from "../../routing/substitute.ts";

describe("substitute", () => {
  it("fills answers, numbers and lists", () => {
    const filled = substitute("MRR of {{s1.customers}} above {{s2.limit}}? {{s1.answer}}", {
      s1: { answer: "Three found.", customers: ["Acme", "Globex", "Initech"] },
      s2: { limit: 30 },
    });
    expect(filled).toEqual({ text: "MRR of Acme, Globex and Initech above 30? Three found.", empty: [] });
  });

  it("never reads again what it filled in", () => {
    const values = { s1: { answer: "{{s2.secret}} and {{s1.answer}}" }, s2: { secret: "hidden" } };
    const { text } = substitute("Explain {{s1.answer}}", values);
    expect(text).toBe("Explain { {s2.secret} } and { {s1.answer} }");
    expect(referencesOf(text)).toEqual([]);
  });

  it("cuts long values and reports each empty reference once", () => {
    const values = { s1: { answer: "x".repeat(50), none: [], blank: "  " } };
    const filled = substitute("{{s1.answer}} {{s1.none}} {{s1.blank}} {{s1.none}} {{s9.answer}}", values, 10);
    expect(filled.text.startsWith(`${"x".repeat(9)}… `)).toBe(true);
    expect(filled.empty).toEqual(["s1.none", "s1.blank", "s9.answer"]);
  });

  it("takes names of Object.prototype for unknown", () => {
    expect(substitute("{{s1.constructor}}", { s1: {} }).empty).toEqual(["s1.constructor"]);
  });
});
