/** What a migration looks like. Forwards only: a released file is never edited, a change is a new file. */

export interface Migration {
  /** Counts up from 1 without gaps. */
  version: number;
  name: string;
  /** In the dialect that SQLite and PostgreSQL share; `@name` stands for a table of ours. */
  statements: readonly string[];
}
