/** What the local tier makes of words that no backend uses, and of customers by name. */
import { describe, expect, it } from "vitest";
import { createKnowledge } from "../../routing/knowledge.ts";
import { classify } from "../../routing/score.ts";
import { synonymsFor } from "../../routing/text/expand.ts";
import { fourBackends } from "./cards.fixture.ts";

const knowledge = createKnowledge(fourBackends());
const names = knowledge.cards.map((card) => card.name);
const likeliest = (text: string) => classify(knowledge, text, names)[0]?.label;

describe("synonymsFor", () => {
  it("leads a word that nobody says to the one they say most, and leaves known words alone", () => {
    const synonyms = synonymsFor(
      new Map([
        ["churn", 3],
        ["cancel", 1],
      ]),
    );
    expect(synonyms.get("quit")).toBe("churn");
    expect(synonyms.has("cancel")).toBe(false);
    expect(synonyms.has("invoic")).toBe(false);
  });
});

describe("classify", () => {
  it("understands words that stand for the backends' own", () => {
    expect(likeliest("Which accounts may quit?")).toBe("churn_model");
    expect(likeliest("Rebate regulations for nonprofits")).toBe("policy_assistant");
  });

  it("looks for what is so of one customer in the data, not in documents", () => {
    const policy = (text: string) =>
      classify(knowledge, text, names).find(({ label }) => label === "policy_assistant")!.probability;
    expect(policy("When does Hollowbay Studios renew?")).toBeLessThan(policy("When does a contract renew?"));
  });
});
