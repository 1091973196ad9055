import { describe, expect, it } from "vitest";
import { isAkin } from "../../routing/text/akin.ts";
import { withoutIdioms } from "../../routing/text/idioms.ts";

describe("idioms", () => {
  it.each([
    ["Who might jump ship in France?", "Who might leave in France?"],
    ["the accounts that Ines looks after", "the accounts that Ines owner"],
    ["invoices past their due date", "invoices overdue"],
    ["How much did we write off in 2025?", "How much did we written-off in 2025?"],
  ])("are said in plain words: %j", (text, plain) => {
    expect(withoutIdioms(text)).toBe(plain);
  });

  it("leave ordinary words alone", () => {
    expect(withoutIdioms("Which ships left the harbour?")).toBe("Which ships left the harbour?");
  });
});

describe("kinship of stems", () => {
  it.each([
    ["insur", "insuranc"],
    ["custmer", "customer"],
    ["cusotmer", "customer"],
  ])("holds for %j and %j", (stem, other) => {
    expect(isAkin(stem, other)).toBe(true);
  });

  it.each([
    ["plan", "plant"],
    ["refund", "reform"],
    ["discount", "account"],
  ])("does not hold for %j and %j", (stem, other) => {
    expect(isAkin(stem, other)).toBe(false);
  });
});
