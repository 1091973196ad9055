/** Read-only SQL with AI functions on a warehouse: configured statements, bound values, bounded rows. */
import { ConfigError } from "../config/config-error.ts";
import type { BackendConfigOf } from "../config/schema.ts";
import type { AnswerDraft } from "./answer-draft.ts";
import type { Cell, Evidence, Json } from "./backend.ts";
import { createBackend, type Asking, type ManagedBackend } from "./create-backend.ts";
import { fault, type Hints } from "./fault.ts";
import { statementResult, statementState } from "./genie/statement-result.ts";
import { UpstreamError } from "./http/upstream-error.ts";
import { asObject, asText } from "./json-fields.ts";
import type { Services } from "./services.ts";
import { chooseStatement, type SqlStatement } from "./sql/choose-statement.ts";
import { whyNotReadOnly } from "./sql/read-only.ts";
import { runStatement, statementId } from "./sql/run-statement.ts";
import { statementBody } from "./sql/statement-body.ts";

const HINTS: Hints = {
  forbidden: "grant this identity CAN USE on the warehouse and SELECT on the tables",
  not_found: "check that `target` is the id of a SQL warehouse",
  failed: "the statement could not be run, check it and the permissions on its tables",
  expired: "the result is no longer held, ask again",
};

export function createSqlBackend(config: BackendConfigOf<"sql">, services: Services): ManagedBackend {
  refuseWriting(config);
  const channel = services.channel(config.name, config.policy);

  async function ask(asking: Asking): Promise<AnswerDraft> {
    const statement = chooseStatement(asking.request.question, config.statements);
    if (statement === undefined) throw fault("not_found", { backend: config.name });
    const payload = statementBody(config, statement, asking.request.question);
    const body = await runStatement(config.name, channel, services, asking, payload);
    const state = statementState(body);
    if (state === "CLOSED") throw fault("expired", { backend: config.name });
    const result = state === "SUCCEEDED" ? statementResult(body, config.max_rows) : null;
    if (result === null) throw fault("failed", { backend: config.name, cause: statementError(body) });
    const table: Evidence = {
      kind: "table",
      title: statement.name,
      sql: statement.sql,
      description: statement.description,
      ...result,
      statement_id: statementId(config.name, body),
    };
    return { text: words(statement, result.rows, result.row_count), evidence: [table], payload };
  }

  return createBackend(config, services, {
    hints: HINTS,
    channel,
    ask,
    async check(scope) {
      const url = `${services.host}/api/2.0/sql/warehouses/${encodeURIComponent(config.target)}`;
      await channel.call(scope, { operation: "sql.warehouse", method: "GET", url }, (reply) => reply.json());
    },
  });
}

function refuseWriting(config: BackendConfigOf<"sql">): void {
  const problems = config.statements.flatMap(({ name, sql }) => {
    const found = whyNotReadOnly(sql);
    if (found === null) return [];
    const path = `backends.${config.name}.statements.${name}.sql`;
    return [{ file: "configuration", line: null, path, found, expected: "one statement that only reads", fix: "use a single SELECT" }]; // prettier-ignore
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

function statementError(body: Json): UpstreamError {
  const error = asObject(asObject(asObject(body)?.["status"])?.["error"]);
  return new UpstreamError(
    asText(error?.["error_code"]),
    asText(error?.["message"]) ?? statementState(body),
    null,
  );
}

/** A single text, as an AI function returns it, is the answer itself. */
function words(statement: SqlStatement, rows: Cell[][], row_count: number): string {
  const only = rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : null;
  if (typeof only === "string") return only;
  const count = row_count === 1 ? "1 row" : `${row_count} rows`;
  return `${statement.description.replace(/\.$/, "")}: ${count}.`;
}
