/** What the churn model says before it goes onto the wire. */
import type { Table } from "../table.ts";

/** A text and the tables behind it. */
export interface Said {
  text: string;
  tables: Table[];
}
