/** Evidence of one thread by content hash; `nodes/run-context.ts` declares the interface. */
import { createHash } from "node:crypto";
import type { Database } from "./database.ts";
import { canonicalJson, fromText, type Json } from "./json.ts";

export interface EvidenceStore {
  /** Returns the content's SHA-256 (hex) over its canonical JSON; the same content is kept once per thread. */
  put(value: Json): Promise<string>;
  get(hash: string): Promise<Json | null>;
}

export function evidenceOf(database: Database, owner: string, threadId: string): EvidenceStore {
  return {
    put: async (value) => {
      const text = canonicalJson(value);
      const hash = createHash("sha256").update(text).digest("hex");
      await database.query(
        `INSERT INTO @evidence (owner, thread_id, hash, value, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (owner, thread_id, hash) DO NOTHING`,
        owner,
        threadId,
        hash,
        text,
        database.now(),
      );
      return hash;
    },
    get: async (hash) => {
      const { rows } = await database.query(
        `SELECT value FROM @evidence WHERE owner = ? AND thread_id = ? AND hash = ?`,
        owner,
        threadId,
        hash,
      );
      return rows[0] === undefined ? null : (fromText(rows[0]["value"]) as Json);
    },
  };
}
