/** Runs a case's statements against the sandbox's data, independently of every backend. */
import { z } from "zod";
import type { TableEvidence } from "../grounding/evidence.ts";
import type { Case } from "./case.ts";

const SqlReply = z.object({
  columns: z.array(z.object({ name: z.string(), type_name: z.string() })),
  rows: z.array(z.array(z.string().nullable())),
});

export interface Truth {
  name: string;
  table: TableEvidence;
}

/** Asks the admin route of the sandbox at `url`. Throws when a statement fails: then the dataset is wrong. */
export async function truthsOf(question: Case, url: string): Promise<Truth[]> {
  return Promise.all(
    question.expect.numbers.map(async ({ name, sql }) => ({ name, table: await run(url, name, sql) })),
  );
}

async function run(url: string, name: string, sql: string): Promise<TableEvidence> {
  const reply = await fetch(`${url}/_admin/sql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!reply.ok)
    throw new Error(`The truth "${name}" cannot be computed: ${(await reply.text()).slice(0, 300)}`);
  const { columns, rows } = SqlReply.parse(await reply.json());
  return {
    kind: "table",
    title: name,
    columns: columns.map((column) => ({ name: column.name, type: column.type_name })),
    rows,
    row_count: rows.length,
    truncated: false,
  };
}
