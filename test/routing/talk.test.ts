import { beforeAll, describe, expect, it } from "vitest";
import { createKnowledge, type Knowledge } from "../../routing/knowledge.ts";
import { TALK_EXAMPLES } from "../../routing/talk-examples.ts";
import { fourBackends } from "./cards.fixture.ts";

describe("small talk", () => {
  let knowledge: Knowledge;
  beforeAll(() => {
    knowledge = createKnowledge(fourBackends());
  });

  it.each([
    "Good morning everybody!",
    "thank you ever so much, that helps",
    "So, are you a person or just a machine?",
    "which sort of questions may I ask you?",
    "ok, bye for now",
    "you are quick today, well done",
  ])("is told by examples that do not hold it: %s", (text) => {
    expect(TALK_EXAMPLES).not.toContain(text);
    expect(knowledge.isTalk(text, false)).toBe(true);
  });

  it.each([
    "What is our refund policy?",
    "Hello, which customers churned?",
    "thanks, and the overdue invoices?",
    "Can you help me with an invoice?",
    "Show me the numbers.",
  ])("is no question about a subject of a backend: %s", (text) => {
    expect(knowledge.isTalk(text, false)).toBe(false);
  });

  it.each(["我们有多少客户？", "какие клиенты уйдут", "asdf qwer zxcv", "4711", "???"])(
    "is not guessed where nothing of it is known: %s",
    (text) => {
      expect(knowledge.isTalk(text, false)).toBe(false);
    },
  );

  it("may be a mere smile", () => {
    expect(knowledge.isTalk("😀", false)).toBe(true);
  });

  it("has to be clearer where it points at something", () => {
    expect(knowledge.isTalk("Is that good or bad?", true)).toBe(false);
  });
});
