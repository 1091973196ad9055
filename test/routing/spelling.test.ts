import { describe, expect, it } from "vitest";
import { createRespell } from "../../routing/text/spelling.ts";

const respell = createRespell(
  new Map([
    ["churn", 9],
    ["mrr", 7],
    ["costs", 2],
    ["refund", 3],
    ["policy", 3],
    ["plan", 5],
    ["seat", 1],
    ["order", 1],
    ["price", 1],
  ]),
);

describe("slips of the keyboard", () => {
  it.each([
    ["Who is goign to chrun?", "Who is going to churn?"],
    ["total mmr", "total mrr"],
    ["Waht does the refnd polcy say", "What does the refund policy say"],
    ["costs by plna", "costs by plan"],
  ])("are read as the word that is meant: %j", (written, meant) => {
    expect(respell(written)).toBe(meant);
  });

  it.each([
    "How many plants, planes and seals are there?",
    "older, nicer and bigger than prices, plain",
    "Is Polcy Refnd a customer?",
    "MMR by GAZ",
    "crm and kpi of saas",
    "what of nettlevale council",
  ])("are not seen in English words, names and abbreviations: %j", (text) => {
    expect(respell(text)).toBe(text);
  });

  it("are not looked for in other languages", () => {
    const german = "was liegt unter dem wert, wie hoch ist der umsatz pro segment";
    expect(respell(german)).toBe(german);
    const spanish = createRespell(
      new Map(["mejor", "clientes", "riesgo", "factura", "plan"].map((word) => [word, 2])),
    );
    expect(spanish("clientes de menor riesgo")).toBe("clientes de menor riesgo");
  });

  it("reach the backend mended", () => {
    expect(respell("refnd, refnd and refnd")).toBe("refund, refund and refund");
  });
});
