/** What a backend once answered, kept by the hash of what it was asked; a compressed file, one JSON object per line. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";

export const Recording = z.strictObject({
  /** Hash of the normalised request, see exchange-key.ts. */
  key: z.string(),
  /** Method, path and question in short, for people. */
  asked: z.string(),
  status: z.number(),
  /** Content type. */
  type: z.string(),
  /** The body; `{{origin}}` stands for the workspace's address, `{{conversation}}` for the conversation's id. */
  body: z.string(),
});
export type Recording = z.infer<typeof Recording>;

/** Throws with the line's number where one is wrong; a file that does not exist holds nothing. */
export function readRecordings(file: string): Map<string, Recording> {
  if (!existsSync(file)) return new Map();
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return new Map(
    lines.flatMap((line, index) => {
      if (line === "") return [];
      const parsed = Recording.safeParse(JSON.parse(line));
      if (parsed.success) return [[parsed.data.key, parsed.data] as const];
      throw new TypeError(`${file}, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    }),
  );
}

/** Sorted by key, so that the same answers make the same file. */
export function writeRecordings(file: string, recordings: Iterable<Recording>): void {
  const sorted = [...recordings].sort((a, b) => (a.key < b.key ? -1 : 1));
  writeFileSync(file, gzipSync(sorted.map((one) => `${JSON.stringify(one)}\n`).join(""), { level: 9 }));
}
