/** The checker itself: a good stream passes, and every kind of damage is noticed. */
import { beforeAll, describe, expect, it } from "vitest";
import { checkStream } from "./stream-checker.ts";
import { post, startTestServer } from "./test-server.ts";

let good: string;

beforeAll(async () => {
  const server = await startTestServer();
  good = await (await post(`${server.url}/invocations`, { input: "q", stream: true })).text();
  await server.close();
});

const frames = (raw: string) => raw.split("\n\n").slice(0, -1);
const joined = (parts: string[]) => parts.map((part) => `${part}\n\n`).join("");
const without = (type: string) => (raw: string) => {
  const parts = frames(raw);
  parts.splice(
    parts.findIndex((part) => part.startsWith(`event: ${type}\n`)),
    1,
  );
  return joined(parts);
};
const changed = (from: RegExp | string, to: string) => (raw: string) => raw.replace(from, to);

const DAMAGE: [name: string, damage: (raw: string) => string, violation: string][] = [
  ["a lost delta", without("response.output_text.delta"), "sequence_number"],
  ["a lost start", without("response.created"), "sequence_number"],
  ["no [DONE]", (raw) => raw.replace("data: [DONE]\n\n", ""), "the last frame is not [DONE]"],
  ["something after [DONE]", (raw) => `${raw}: keep-alive\n\n`, "the last frame is not [DONE]"],
  ["carriage returns", (raw) => raw.replaceAll("\n", "\r\n"), "carriage return"],
  ["a cut frame", (raw) => raw.slice(0, -1), "cut off inside a frame"],
  ["another event name", changed("event: response.completed", "event: response.done"), "carries type"],
  [
    "an unknown event",
    changed(
      /event: response.in_progress\ndata: \{"type":"response.in_progress"/,
      'event: custom.thing\ndata: {"type":"custom.thing"',
    ),
    "the second event",
  ],
  [
    "an unasked trace frame",
    changed("data: [DONE]", 'data: {"trace_id":"tr-1"}\n\ndata: [DONE]'),
    "unasked trace frame",
  ],
  [
    "a top-level error",
    changed(/(,"delta":"42 cust","logprobs":\[\])\}/, '$1,"error":null}'),
    'top-level "error"',
  ],
  [
    "another item id in a delta",
    changed(/("type":"response.output_text.delta"[^\n]*"item_id":")msg/, "$1gsm"),
    "another item_id",
  ],
  ["a changed delta", changed('"delta":"42 cust"', '"delta":"43 cust"'), "joins the deltas"],
  ["a wrong citation", changed('"start_index":21', '"start_index":2100'), "citation at"],
  [
    "another final text",
    (raw) =>
      raw.slice(0, raw.lastIndexOf("event:")) +
      raw.slice(raw.lastIndexOf("event:")).replace("42 customers", "43 customers"),
    "byte by byte",
  ],
  [
    "usage of null at the end",
    (raw) => raw.replace(/"usage":\{[^}]*\}[^}]*\}[^}]*\}/, '"usage":null'),
    "usage is known",
  ],
  ["a missing key", (raw) => raw.replaceAll('"service_tier":"default",', ""), "service_tier"],
  [
    "an output before its call",
    (raw) => raw.replace(/"call_id":"call_/, '"call_id":"llac_'),
    "keeps its call_id",
  ],
];

describe("the stream checker", () => {
  it("accepts a good stream", () => {
    expect(checkStream(good).text).toBe("42 customers churned [1].\n\nThe handbook could not be asked.");
  });

  it.each(DAMAGE)("notices %s", (_name, damage, violation) => {
    const damaged = damage(good);
    expect(damaged).not.toBe(good);
    expect(() => checkStream(damaged)).toThrow(violation);
  });
});
