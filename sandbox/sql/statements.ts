/** Statements on the warehouse: submitted, running, done; each visible to the identity that submitted it. */
import { randomUUID } from "node:crypto";
import type { Company, SqlResult } from "../company/contract.ts";
import { missing } from "../http/errors.ts";
import { emulateAiFunctions } from "./ai-functions.ts";

export interface Statement {
  id: string;
  owner: string;
  state: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED";
  result: SqlResult | null;
  error: { error_code: string; message: string } | null;
  row_limit: number;
  done: Promise<void>;
}

export interface StatementRequest {
  statement: string;
  parameters: Record<string, string>;
  /** Rows kept of the result. */
  row_limit: number;
}

export interface StatementStore {
  submit(owner: string, request: StatementRequest): Statement;
  /** Throws 404 for no statement of this owner's. */
  get(owner: string, id: string): Statement;
}

/** Statements kept for polling. */
const KEPT = 1_000;

export function createStatementStore(company: Company): StatementStore {
  const statements = new Map<string, Statement>();
  return {
    submit(owner, request) {
      const statement: Statement = {
        id: randomUUID(),
        owner,
        state: "PENDING",
        result: null,
        error: null,
        row_limit: request.row_limit,
        done: Promise.resolve(),
      };
      statement.done = run(company, statement, request);
      statements.set(statement.id, statement);
      const [oldest] = statements.keys();
      if (oldest && statements.size > KEPT) statements.delete(oldest);
      return statement;
    },
    get(owner, id) {
      const found = statements.get(id);
      if (found?.owner === owner) return found;
      throw missing(`The statement ${id} was not found.`);
    },
  };
}

async function run(company: Company, statement: Statement, request: StatementRequest): Promise<void> {
  await new Promise(setImmediate);
  if (statement.state === "PENDING") statement.state = "RUNNING";
  try {
    statement.result = await company.sql(emulateAiFunctions(request.statement), request.parameters);
    if (statement.state === "RUNNING") statement.state = "SUCCEEDED";
  } catch (cause) {
    statement.state = "FAILED";
    statement.error = {
      error_code: "BAD_REQUEST",
      message: cause instanceof Error ? cause.message : String(cause),
    };
  }
}
