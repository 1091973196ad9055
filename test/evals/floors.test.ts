/** Floors that the gate is given as a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { floorsOf, readFloors } from "../../evals/answer-gate/floors.ts";

const folder = mkdtempSync(path.join(tmpdir(), "floors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => {
  const file = path.join(folder, "floors.json");
  writeFileSync(file, text);
  return readFloors(file);
};

it("reads floors per split", () => {
  expect(read('{"dev": {"routing": 0.9}}')).toEqual({ dev: { routing: 0.9 } });
});

it.each(["{}", '{"dev": {}}', '{"dev": {"routing": 0.9}, "heldout": {}}'])(
  "refuses floors that hold nothing, which every answer would reach: %s",
  (text) => {
    expect(() => read(text)).toThrow("at least one floor");
  },
);

it.each([
  ['{"dev": {"beauty": 0.9}}', "beauty"],
  ['{"test": {"routing": 0.9}}', "test"],
  ['{"dev": {"routing": 90}}', "<=1"],
])("refuses what it does not know: %s", (text, named) => {
  expect(() => read(text)).toThrow(named);
});

it("holds the split that is asked alone, and nothing where it has no floors", () => {
  const floors = { dev: { routing: 0.9 } };
  expect(floorsOf({ ...floors, heldout: { plans: 0.8 } }, "dev")).toEqual(floors);
  expect(floorsOf(floors, null)).toEqual(floors);
  expect(() => floorsOf(floors, "heldout")).toThrow("no floors for the split heldout");
});
