/** Words, stems, names and topics of a text. */
import { describe, expect, it } from "vitest";
import { contentWords } from "../../routing/text/content.ts";
import { properNames } from "../../routing/text/names.ts";
import { stem, wordsOf } from "../../routing/text/words.ts";

describe("stem", () => {
  it.each([
    ["cancel cancelled cancelling cancellation cancellations cancels"],
    ["invoice invoices invoiced invoicing"],
    ["policy policies"],
    ["risk risky risks"],
    ["churn churned churning churns"],
    ["customer customers customer's"],
  ])("is one for: %s", (words) => {
    expect(new Set(words.split(" ").map(stem)).size).toBe(1);
  });

  it("keeps different words apart", () => {
    expect(new Set(["plan", "price", "prize", "mrr", "sla", "usage"].map(stem)).size).toBe(6);
  });
});

describe("wordsOf", () => {
  it("gives positions in the text", () => {
    expect(wordsOf("  What's mid-market MRR?").map(({ lower, start, end }) => [lower, start, end])).toEqual([
      ["what's", 2, 8],
      ["mid-market", 9, 19],
      ["mrr", 20, 23],
    ]);
  });
});

describe("contentWords", () => {
  it("keeps what carries the topic", () => {
    const words = contentWords("Could you please show me the ten largest overdue invoices of last month?");
    expect(words.map(({ lower }) => lower)).toEqual(["overdue", "invoices"]);
    expect(contentWords("How is it going today?")).toEqual([]);
  });
});

describe("properNames", () => {
  it("finds runs of capitals, and single ones inside a sentence", () => {
    expect(properNames("Is Kestrel Systems at risk, and what about Acme? Blue Harbor Foods too.")).toEqual([
      "Kestrel Systems",
      "Acme",
      "Blue Harbor Foods",
    ]);
  });

  it("takes neither sentence beginnings nor acronyms for names", () => {
    expect(properNames("Show MRR in EMEA. Which customers? Draft it.")).toEqual([]);
  });
});
