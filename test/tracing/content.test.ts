import { expect, it } from "vitest";
import { createContent } from "../../tracing/content.ts";

const content = createContent({ capture: "preview", capture_unstored: "off", redact: [] });
const HEAD = "eyJhbGciOiJSUzI1NiJ9";
const JWT = `${HEAD}.${"eyJzdWIiOiJhZGEi".repeat(60)}.${"c2ln".repeat(40)}`;

it.each([0, 200, 300, 490])("shows no half of a long secret that begins behind %d characters", (before) => {
  const text = `${"x ".repeat(before / 2)}${JWT} and more`;
  const { a } = content.text("a", text);
  const { b } = content.json("b", { text });
  expect([String(a).includes(HEAD), String(b).includes(HEAD)]).toEqual([false, false]);
});

it("says how much of a long text is not shown", () => {
  expect(content.text("a", "word ".repeat(200))).toEqual({
    a: `${"word ".repeat(100)}… (500 more characters)`,
  });
  expect(content.text("a", "word ".repeat(2_000))).toEqual({
    a: `${"word ".repeat(100)}… (9500 more characters)`,
  });
  expect(content.text("a", "short")).toEqual({ a: "short" });
});
