/** A tiny company with known answers, and helpers to talk to a sandbox in front of it. */
import type { Company, GenieReply, PartAnswer, SqlResult } from "../../sandbox/company/contract.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/server.ts";

export const SPACE = "01f0a1b2c3d4e5f60718293a4b5c6d7e";

export const POLICY_TEXT = "Refunds take 5 days. Exports are kept.";

const table: SqlResult = {
  columns: [
    { name: "region", type_name: "STRING" },
    { name: "mrr", type_name: "DECIMAL" },
  ],
  rows: [
    ["EMEA", "120.50"],
    [null, "7"],
    ["APAC", null],
  ],
};

function genieReply(question: string): GenieReply {
  const suggested_questions = ["And by segment?"];
  if (question.includes("ambiguous")) return { outcome: "clarify", text: "Which year?", suggested_questions };
  if (question.includes("broken")) {
    const error = { type: "SQL_EXECUTION_EXCEPTION", message: "No such column." };
    return { outcome: "failed", text: "", suggested_questions: [], error };
  }
  const query = {
    sql: "SELECT region, mrr FROM t",
    title: "MRR by region",
    description: "Sums MRR.",
    result: table,
    row_count: 3,
    truncated: false,
  };
  return { outcome: "answer", text: `Answer to: ${question}`, query, suggested_questions };
}

function partAnswer(text: string, extra: Partial<PartAnswer> = {}): Promise<PartAnswer> {
  return Promise.resolve({ text, citations: [], custom_outputs: {}, ...extra });
}

export function stubCompany(): Company {
  const document = { title: "refunds.md", url: "/documents/refunds.md" };
  const citation = { ...document, start_index: 0, end_index: 20, snippet: "Refunds take 5 days." };
  return {
    genie: {
      title: "Sales",
      description: "Sales of the company.",
      ask: (_conversation, question) => Promise.resolve(genieReply(question)),
    },
    knowledge: { answer: () => partAnswer(POLICY_TEXT, { citations: [citation] }) },
    churn: {
      answer: ({ question }) =>
        partAnswer(`Scores for: ${question}`, { custom_outputs: { scores: { rows: [["Acme", 0.9]] } } }),
    },
    retention: {
      answer: ({ question, context }) =>
        partAnswer(`Plan for: ${question} | ${context.join(" / ")}`, { custom_outputs: { plan: 1 } }),
    },
    sql(statement) {
      if (statement.includes("nonsense")) return Promise.reject(new Error("Parser Error: nonsense"));
      if (statement.includes("GROUP BY month")) {
        const rows = ["2026-03-01", "2026-02-01", "2026-01-01"].map((month, i) => [
          month,
          String(130 - 10 * i),
        ]);
        return Promise.resolve({ columns: table.columns, rows });
      }
      return Promise.resolve(table);
    },
    documents: () => [document],
    document: (url) => (url === document.url ? POLICY_TEXT : null),
    close: () => Promise.resolve(),
  };
}

export function startStubSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({ company: stubCompany(), genieStepMs: 5, ...options });
}

export interface Reply {
  status: number;
  headers: Headers;
  body: ReturnType<typeof JSON.parse>;
  text: string;
}

export interface Call {
  token?: string | null;
  method?: string;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
}

/** One call with a user's token, redirects not followed. The body is parsed where it is JSON. */
export async function call(
  url: string,
  { token = "user-ada", method, body, raw, headers }: Call = {},
): Promise<Reply> {
  const reply = await fetch(url, {
    method: method ?? (body === undefined && raw === undefined ? "GET" : "POST"),
    redirect: "manual",
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined && raw === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(raw === undefined ? (body === undefined ? {} : { body: JSON.stringify(body) }) : { body: raw }),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, body: parse(text) };
}

/** The JSON frames of a stream; `[DONE]` as that text. */
export function frames(text: string): ReturnType<typeof JSON.parse>[] {
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((frame) => parse(frame.replace(/^data: /, "")));
}

export async function m2mToken(url: string, client = "sandbox", secret = "sandbox-secret"): Promise<Reply> {
  return call(`${url}/oidc/v1/token`, {
    token: null,
    raw: "grant_type=client_credentials&scope=all-apis",
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
  });
}

function parse(text: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
