import { describe, expect, it } from "vitest";
import { cardOf } from "../../routing/cards.ts";
import { isAct } from "../../routing/local/acts.ts";
import { fourBackends } from "./cards.fixture.ts";

const cards = fourBackends().backends.map((backend) => cardOf(backend));

describe("orders to act", () => {
  it.each([
    "refund order 88213",
    "Please mark the second one as paid",
    "Great, now mail that to the whole team.",
    "The customer phoned: cancel her subscription and confirm it",
    "Stock is low, so please reorder the gloves",
    "could you delete all closed tickets",
    "I need you to block card 4421",
    "Change Nettlevale Council's address",
    "Draft a LinkedIn post about the new feature",
    "Set up a call with Anna for Tuesday",
  ])("are seen: %s", (text) => {
    expect(isAct(text, cards)).toBe(true);
  });

  it.each([
    "Send me the list of overdue invoices",
    "How do I cancel a contract and delete the data?",
    "Open tickets by severity",
    "Refund policy for annual contracts",
    "Change in revenue since January",
    "Who approves discounts above 20 %?",
    "Put together an overview of the ten largest customers",
    "Draft an action plan for these customers",
    "What happens when an order is cancelled?",
    "order customers by MRR",
  ])("are not seen in questions: %s", (text) => {
    expect(isAct(text, cards)).toBe(false);
  });

  it("are what a backend is for that describes itself so", () => {
    const [first] = fourBackends().backends;
    const agent = cardOf({ ...first!, description: "Creates tickets and cancels orders for customers." });
    expect(isAct("Cancel the order of Acme", [agent])).toBe(false);
    expect(isAct("Create a ticket for Acme", [agent])).toBe(false);
    expect(isAct("Refund the order of Acme", [agent])).toBe(true);
  });
});
