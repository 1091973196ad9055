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
    "Send the list of overdue invoices to the lawyers",
    "Tell the warehouse to stop packing",
    "Add Anna to the group",
    "Set it to paid",
    "Change it to status closed",
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
    "Order all customers by churn risk",
    "Ask the policy assistant whether refunds are allowed",
    "Tell the difference between the two plans",
    "Send the list of overdue invoices",
    "Record MRR per month",
    "Build a table of contracts by month",
    "Add their region",
    "Now add a column with the churn score",
    "Change that to the top 20",
    "Set it to Q3",
    "Adjust it to EMEA only",
    "Convert this to euros",
  ])("are not seen in questions: %s", (text) => {
    expect(isAct(text, cards)).toBe(false);
  });

  it("are what a backend is for that is asked so", () => {
    const [first] = fourBackends().backends;
    const examples = ["Book a room for Monday", "Please cancel my booking", "Write an invoice for Acme"];
    const agent = cardOf({ ...first!, description: "Rooms and bookings.", examples });
    expect(isAct("Cancel the booking of Anna", [agent])).toBe(false);
    expect(isAct("Draft an invoice for Globex", [agent])).toBe(false);
    expect(isAct("Delete the booking of Anna", [agent])).toBe(true);
  });

  it("are what a backend is for that describes itself so", () => {
    const [first] = fourBackends().backends;
    const agent = cardOf({ ...first!, description: "Creates tickets and cancels orders for customers." });
    expect(isAct("Cancel the order of Acme", [agent])).toBe(false);
    expect(isAct("Create a ticket for Acme", [agent])).toBe(false);
    expect(isAct("Refund the order of Acme", [agent])).toBe(true);
  });
});
