import { MemorySaver, Send } from "@langchain/langgraph";
import { assert, asyncProperty, jsonValue } from "fast-check";
import { describe, expect, it } from "vitest";
import { plainSerializer } from "../../store/plain-serializer.ts";

const library = new MemorySaver().serde;
const plain = plainSerializer(library);

async function bothWays(value: unknown) {
  const [type, bytes] = await library.dumpsTyped(value);
  const [ownType, own] = await plain.dumpsTyped(value);
  return {
    written: [ownType, Buffer.from(own).toString()],
    expected: [type, Buffer.from(bytes).toString()],
    read: (await plain.loadsTyped(type, bytes)) as unknown,
    readAsText: (await plain.loadsTyped(
      type,
      type === "json" ? Buffer.from(bytes).toString() : bytes,
    )) as unknown,
    readByLibrary: (await library.loadsTyped(type, bytes)) as unknown,
  };
}

const deep = Array.from({ length: 80 }).reduce<unknown>((inner) => ({ inner }), 1);

describe("the short way of the serializer", () => {
  it("writes the library's bytes and reads the library's values for any JSON", async () => {
    await assert(
      asyncProperty(jsonValue(), async (value) => {
        const { written, expected, read, readAsText, readByLibrary } = await bothWays(value);
        expect(written).toEqual(expected);
        expect(read).toEqual(readByLibrary);
        expect(readAsText).toEqual(readByLibrary);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, unknown]>([
    ["a Send", new Send("genie", { question: "?" })],
    [
      "a list of Sends inside a checkpoint",
      { channel_values: { __pregel_tasks: [new Send("a", { b: 1 })] } },
    ],
    ["undefined", undefined],
    ["an undefined field", { a: undefined, b: 1 }],
    ["an undefined item", [undefined, 1]],
    ["a map", { a: new Map([["b", 1]]) }],
    ["a set", [new Set([1, 2])]],
    ["an error", new Error("no")],
    ["a regular expression", /a+/i],
    ["bytes", new Uint8Array([1, 2, 3])],
    ["bytes inside", { a: new Uint8Array([1, 2]) }],
    ["text that speaks of the library's mark", { text: '{"lc":2,"type":"undefined"}' }],
    ["a value that looks like the library's own", { lc: 2, type: "undefined" }],
    ["a key with quotes", { '"lc":': 1, 'x"lc': 2 }],
    ["a deep value", deep],
  ])("leaves %s as the library has it", async (_name, value) => {
    const { written, expected, read, readByLibrary } = await bothWays(value);
    expect(written).toEqual(expected);
    expect(read).toEqual(readByLibrary);
  });

  it("bears a circular value as the library does", async () => {
    const value: Record<string, unknown> = { a: 1 };
    value["self"] = value;
    const [, bytes] = await plain.dumpsTyped(value);
    expect(Buffer.from(bytes).toString()).toBe('{"a":1,"self":"[Circular]"}');
  });
});
