/** Tells from SQLite's result code what is wrong and what helps (https://www.sqlite.org/rescode.html). */
import { StoreError, type StoreErrorCode } from "./store-error.ts";

const ADVICE: Partial<Record<number, [StoreErrorCode, string]>> = {
  5: ["locked", "is locked by another process. Stop that process, or use PostgreSQL for many writers"],
  6: ["locked", "is locked inside this process. Close the other connection to it"],
  8: ["read_only", "cannot be written. Give this user write access to the file and its folder"],
  10: ["io_failed", "met an input/output error. Check the disk and the system log"],
  11: [
    "corrupted",
    "is corrupted. Restore it from a backup, or move it away together with its -wal and -shm files to start empty",
  ],
  13: ["disk_full", "cannot grow: the disk is full. Free some space; nothing that was stored is lost"],
  14: ["cannot_open", "cannot be opened. Check that its folder exists and that this user may write there"],
  26: [
    "corrupted",
    "is not a SQLite database. Point persistence.path to another file, or move this one away",
  ],
};

/** What is not the database's fault comes back as it is. */
export function sqliteError(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const code = resultCode(error);
  if (code === undefined) return error;
  const known = ADVICE[code & 0xff];
  // Anything else is a bug of ours.
  if (known === undefined) return error;
  const [kind, advice] = known;
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreError(
    kind,
    `The database ${path} ${advice} (SQLite result code ${code}: ${detail}).`,
    error,
  );
}

/** node:sqlite says `errcode`, libsql `rawCode`; libsql's failure to open carries the code only in its text. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const fields = error as Error & { errcode?: unknown; rawCode?: unknown };
  if (typeof fields.errcode === "number") return fields.errcode;
  if (typeof fields.rawCode === "number") return fields.rawCode;
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message);
  return opening === null ? undefined : Number(opening[1]);
}
