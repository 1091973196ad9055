import { array, assert, constantFrom, nat, property, string } from "fast-check";
import { expect, it } from "vitest";
import { createEventStream } from "../../../backends/http/event-stream.ts";

function read(chunks: Buffer[]): string[] {
  const seen: string[] = [];
  const stream = createEventStream(({ data }) => void seen.push(data));
  for (const chunk of chunks) stream.feed(chunk);
  stream.end();
  return seen;
}

it("gives the same events however the bytes are cut", () => {
  const datum = string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
  assert(
    property(
      array(datum, { minLength: 1 }),
      array(nat(40)),
      constantFrom("\n", "\r\n"),
      (data, cuts, eol) => {
        const bytes = Buffer.from(data.map((each) => `data: ${each}${eol}${eol}`).join(""));
        const chunks: Buffer[] = [];
        let from = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        chunks.push(bytes.subarray(from));
        expect(read(chunks)).toEqual(data);
      },
    ),
    { numRuns: 200 },
  );
});

it("counts a last event without its blank line", () => {
  expect(read([Buffer.from("data: a\n\ndata: b")])).toEqual(["a", "b"]);
});

it("passes comments over and joins lines of data", () => {
  expect(read([Buffer.from(": ping\n\ndata: a\ndata: b\n\n")])).toEqual(["a\nb"]);
});
