import { describe, expect, it } from "vitest";
import { parseClaims } from "../../grounding/claims.ts";
import { createTailFilter } from "../../grounding/tail-filter.ts";

const PROSE = "MRR grew by 5 % [1].\n\n```sql\nSELECT 1\n```\n";
const TAIL = '```claims\n{"claims":[{"text":"MRR grew","value":5,"evidence":["s1.e1"],"calc":"1+4"}]}\n```\n';

describe("parseClaims", () => {
  it("splits prose and claims", () => {
    expect(parseClaims(PROSE + TAIL)).toEqual({
      text: PROSE,
      claims: [{ text: "MRR grew", value: 5, evidence: ["s1.e1"], calc: "1+4" }],
      problem: null,
    });
  });

  it("finds no claims in an answer without a tail", () => {
    expect(parseClaims(PROSE)).toEqual({ text: PROSE, claims: [], problem: null });
  });

  it("reads a tail that is a bare list or that was cut off before its fence", () => {
    expect(parseClaims('A.\n```claims\n[{"text":"A"}]').claims).toEqual([{ text: "A", evidence: [] }]);
  });

  it.each([
    ["not json", "The claims cannot be read."],
    ['{"claims":[{"value":"5"}]}', "The claims cannot be read at claims.0.value."],
  ])("tells what is wrong with the tail %s and keeps the prose", (body, problem) => {
    expect(parseClaims(`A.\n\`\`\`claims\n${body}\n\`\`\``)).toEqual({ text: "A.\n", claims: [], problem });
  });
});

describe("createTailFilter", () => {
  it.each([1, 2, 3, 7, 1_000])("shows the prose alone when it comes in pieces of %i", (size) => {
    const filter = createTailFilter();
    const whole = PROSE + TAIL;
    let shown = "";
    for (let at = 0; at < whole.length; at += size) shown += filter.push(whole.slice(at, at + size));
    expect(shown + filter.end()).toBe(parseClaims(whole).text);
  });

  it("gives back at the end what only looked like a tail", () => {
    const filter = createTailFilter();
    expect(filter.push("A.\n```cla")).toBe("A.\n");
    expect(filter.end()).toBe("```cla");
  });

  it("holds nothing back in the middle of a line", () => {
    expect(createTailFilter().push("half a sent")).toBe("half a sent");
  });
});
