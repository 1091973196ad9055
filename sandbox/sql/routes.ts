/** The SQL Statement Execution API: INLINE results as JSON_ARRAY, named parameters, read-only. */
import { setTimeout as sleep } from "node:timers/promises";
import { Router, type Request } from "express";
import { z } from "zod";
import { parsed } from "../admin/parsed.ts";
import { badRequest, missing } from "../http/errors.ts";
import { callerOf, gate } from "../http/gate.ts";
import { filler } from "../http/filler.ts";
import { param } from "../http/param.ts";
import type { SandboxState } from "../state.ts";
import { statementBody } from "./body.ts";
import type { Statement } from "./statements.ts";

const requestSchema = z.looseObject({
  warehouse_id: z.string().min(1),
  statement: z.string().min(1),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        value: z.union([z.string(), z.null()]).optional(),
        type: z.string().optional(),
      }),
    )
    .default([]),
  wait_timeout: z
    .string()
    .regex(/^\d+s$/)
    .default("10s"),
  on_wait_timeout: z.enum(["CONTINUE", "CANCEL"]).default("CONTINUE"),
  row_limit: z.int().positive().default(100_000),
  disposition: z.literal("INLINE", "the sandbox answers INLINE only").default("INLINE"),
  format: z.literal("JSON_ARRAY", "the sandbox answers JSON_ARRAY only").default("JSON_ARRAY"),
});

export function sqlRoutes(state: SandboxState): Router {
  const router = Router();
  const open = gate(state, "sql", { scopes: ["sql"] });
  const { statements } = state;
  router.post("/api/2.0/sql/statements", open, async (req, res) => {
    const request = parsed(requestSchema, req.body);
    const statement = statements.submit(callerOf(res).subject, {
      statement: request.statement,
      parameters: named(request.parameters),
      row_limit: request.row_limit,
    });
    await waitFor(statement, request.wait_timeout, request.on_wait_timeout === "CANCEL");
    res.json(bodyOf(state, req, statement));
  });
  router.get("/api/2.0/sql/statements/:id", open, (req, res) => {
    res.json(bodyOf(state, req, statements.get(callerOf(res).subject, param(req, "id"))));
  });
  router.post("/api/2.0/sql/statements/:id/cancel", open, (req, res) => {
    cancel(statements.get(callerOf(res).subject, param(req, "id")));
    res.json({});
  });
  router.get("/api/2.0/sql/warehouses/:id", open, (req, res) => {
    if (req.params["id"] !== WAREHOUSE) throw missing("SQL warehouse does not exist.");
    res.json({ id: WAREHOUSE, name: "Sandbox", state: "RUNNING", enable_serverless_compute: true });
  });
  return router;
}

/** The id that the Genie space names too. */
const WAREHOUSE = "sandbox-warehouse";

function named(parameters: { name: string; value?: string | null }[]): Record<string, string> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value ?? ""]));
}

/** 0 s answers at once, else 5 to 50 s as the API has it. */
async function waitFor(statement: Statement, timeout: string, cancels: boolean): Promise<void> {
  const seconds = Number.parseInt(timeout, 10);
  if (seconds === 0) return;
  if (seconds < 5 || seconds > 50)
    throw badRequest("wait_timeout must be 0 seconds or between 5 and 50 seconds.");
  const stop = new AbortController();
  const late = sleep(seconds * 1_000, undefined, { signal: stop.signal }).then(
    () => void (cancels && cancel(statement)),
    () => undefined,
  );
  await Promise.race([statement.done, late]);
  stop.abort();
}

function cancel(statement: Statement): void {
  if (statement.state === "PENDING" || statement.state === "RUNNING") statement.state = "CANCELED";
}

function bodyOf(state: SandboxState, req: Request, statement: Statement) {
  const huge = filler(state.faults.take("sql", req, ["huge"]));
  return { ...statementBody(statement), ...(huge ? { padding: huge } : {}) };
}
