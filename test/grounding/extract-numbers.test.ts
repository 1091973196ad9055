import { describe, expect, it } from "vitest";
import { exemptSpans } from "../../grounding/exempt-spans.ts";
import { extractNumbers } from "../../grounding/extract-numbers.ts";
import { numberWords } from "../../grounding/number-words.ts";

describe("extractNumbers", () => {
  it.each([
    ["1,234.5", 1_234.5, 0.1],
    ["1\u202f234\u202f567", 1_234_567, 1],
    ["1'234", 1_234, 1],
    ["1.234.567,89", 1_234_567.89, 0.01],
    ["$1.2 million", 1_200_000, 100_000],
    ["$12.3k", 12_300, 100],
    ["€5bn", 5_000_000_000, 1_000_000_000],
    ["-7", -7, 1],
    ["−3.25", -3.25, 0.01],
    ["42 %", 42, 1],
    ["0.050", 0.05, 0.001],
    ["about 12,000", 12_000, 1_000],
  ])("reads %s", (text, value, step) => {
    const [number, ...more] = extractNumbers(`It is ${text} today.`);
    expect(more).toEqual([]);
    expect(number?.value).toBeCloseTo(value, 9);
    expect(number?.step).toBeCloseTo(step, 12);
  });

  it("tells money and percent from plain counts", () => {
    const [money, share, count] = extractNumbers("$5, 5 percent and 5");
    expect([money?.currency, money?.percent]).toEqual([true, false]);
    expect([share?.currency, share?.percent]).toEqual([false, true]);
    expect([count?.currency, count?.percent]).toEqual([false, false]);
  });

  it("takes a range for two positive numbers", () => {
    expect(extractNumbers("between 10-20 or 30–40").map((n) => n.value)).toEqual([10, 20, 30, 40]);
  });

  it("gives the position of sign, currency and unit", () => {
    const text = "MRR is -$1.5 million.";
    const [number] = extractNumbers(text);
    expect(text.slice(number?.start, number?.end)).toBe("-$1.5 million");
  });

  it("leaves digits inside words alone", () => {
    expect(extractNumbers("P1, s1.e2, AB12C and x3")).toEqual([]);
  });
});

describe("exemptSpans", () => {
  it.each([
    "on 30 June 2025", "in March 2025", "2025-06-30T12:00:00Z", "Q3 2025", "since 2024", "at 14:30", "1. First", "## 2. Second",
    "see [3]", "[1, 2]", "`LIMIT 10`", "https://x.test/a/15", "[rows](https://x.test/20)", "T-1023", "24/7", "section 4.2", "the 3rd", "priority 1", "June 5, 2025",
  ])("exempts every digit of %s", (text) => {
    const spans = exemptSpans(text);
    const left = extractNumbers(text).filter((n) => !spans.some((s) => s.start < n.end && n.start < s.end));
    expect(left.map((n) => n.text)).toEqual([]);
  }); // prettier-ignore

  it.each(["2,025 tickets", "by 12 %", "In May 12 customers left", "1,234", "of 2000 customers"])(
    "leaves the quantity in %s",
    (text) => {
      const spans = exemptSpans(text);
      const left = extractNumbers(text).filter((n) => !spans.some((s) => s.start < n.end && n.start < s.end));
      expect(left).toHaveLength(1);
    },
  );
});

describe("numberWords", () => {
  it("reads whole numbers in words", () => {
    const values = numberWords("thirty days, twenty-five percent, two hundred seats, seven").map(
      (n) => n.value,
    );
    expect(values).toEqual([30, 25, 200, 7]);
  });
});
