import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { pacedStarts } from "../../server/paced-starts.ts";

describe("paced starts", () => {
  it("let the first go at once and the others one per turn of the event loop, in order", async () => {
    const start = pacedStarts();
    const begun: number[] = [];
    const all = [0, 1, 2].map((i) => start().then(() => begun.push(i)));
    await Promise.resolve();
    expect(begun).toEqual([0]);
    await tick();
    expect(begun.length).toBeLessThan(3);
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2]);
  });

  it("do not delay who comes alone", async () => {
    const start = pacedStarts();
    await start();
    await tick();
    await tick();
    let begun = false;
    void start().then(() => (begun = true));
    await Promise.resolve();
    expect(begun).toBe(true);
  });
});
