/** The one error of this layer: what is wrong with the database, and what to do about it. */

export type StoreErrorCode =
  /** Another process kept the database locked for longer than the busy timeout. */
  | "locked"
  /** No space is left for the database. */
  | "disk_full"
  /** The file or a page of it is not a valid database. */
  | "corrupted"
  /** The database may be read but not written. */
  | "read_only"
  /** The file or the server cannot be opened with these settings. */
  | "cannot_open"
  /** The connection is gone or the server does not answer. */
  | "connection"
  /** The server refused the user or the password. */
  | "unauthorized"
  /** A newer version of this program has migrated the database. */
  | "newer_schema"
  /** Somebody else took over the run or the thread: this process must not write to it any more. */
  | "lease_lost"
  /** Two transactions got in each other's way; repeating is safe. */
  | "conflict"
  /** The store was closed. */
  | "closed"
  /** The disk or the file system failed. */
  | "io_failed";

/** `message` names the fix. It may hold a path or a host: log it, do not show it to callers. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreError";
    this.code = code;
  }

  /** Whether the same operation may succeed later without anybody's help: the server answers 503, not 500. */
  get temporary(): boolean {
    return ["locked", "disk_full", "connection", "conflict", "unauthorized", "closed"].includes(this.code);
  }
}
