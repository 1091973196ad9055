/** Questions that put a real server over the sandbox into each way an answer can end, and what every client then sees. */
import type { SqliteConnection } from "../../store/sqlite-connection.ts";
import type { Stack } from "../e2e/stack.ts";

export interface Scenario {
  name: string;
  question: string;
  max_output_tokens?: number;
  /** Text as it reaches the client, whole or up to the failure. */
  text: string;
  status: "completed" | "incomplete" | "failed";
  usage: [number, number];
  /** Paths of the citations. */
  cites: string[];
  /** HTTP status and message for those who did not ask for a stream. */
  failure: { status: number; message: string } | null;
}

const GENIE = "/genie/rooms/01f0a1b2c3d4e5f60718293a4b5c6d7e";
const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const FIGURES = "Total MRR by region in Q3 2026";

export const SCENARIOS: Scenario[] = [
  {
    name: "a question that hits two backends",
    question: `${FIGURES}, and what does the discount policy allow?`,
    text: "EMEA leads [1]. See the policy [2].",
    status: "completed",
    // The assistant's own 242 tokens are among them.
    usage: [100, 262],
    cites: [GENIE, "/documents/pricing-policy.md#annual-prepayment"],
    failure: null,
  },
  {
    name: "a failing backend beside one that answers",
    question: `${FIGURES}, and what does the refund policy say?`,
    text: "EMEA leads [1]. The policy could not be asked.",
    status: "completed",
    usage: [100, 20],
    cites: [GENIE],
    failure: null,
  },
  {
    name: "a backend that fails in the middle, with nobody else to ask",
    question: "What does the pricing policy say?",
    text: "",
    status: "failed",
    usage: [0, 0],
    cites: [],
    failure: {
      status: 502,
      message:
        "policy_assistant could not answer the question: rephrase the question or look into its own trace.",
    },
  },
  {
    name: "a run that fails behind its first words",
    question: `${FIGURES}, and what does the support policy say?`,
    text: "EMEA really leads [1].",
    status: "failed",
    usage: [0, 0],
    cites: [],
    failure: {
      status: 500,
      message: "Something went wrong on our side. The request id helps to find out what.",
    },
  },
  {
    name: "an answer cut off by max_output_tokens",
    question: `${FIGURES}, and what does the escalation procedure say?`,
    max_output_tokens: 16,
    text: "EMEA leads [1",
    status: "incomplete",
    usage: [100, 254],
    cites: [],
    failure: null,
  },
];

/** No breaker and no second try, so that every client meets the fault itself. */
export const CONFIG = {
  models: { synthesizer: { base_url: "${SANDBOX_URL}/v1", model: "sandbox-model" } },
  backends: ["revenue_genie", "policy_assistant"].map((name) => ({
    name,
    policy: { breaker_failures: 0, retries: 0 },
  })),
};

/** Tells the sandbox's model what to write, and its assistant when to fail. */
export async function prepare(stack: Stack): Promise<void> {
  const words: Record<string, object> = {
    "discount policy": { text: SCENARIOS[0]?.text },
    "refund policy": { text: SCENARIOS[1]?.text },
    "support policy": { text: SCENARIOS[3]?.text },
    "escalation procedure": { text: SCENARIOS[4]?.text, finish_reason: "length" },
  };
  for (const [match, answer] of Object.entries(words))
    await stack.admin("model/queue", { match, keep: true, usage: USAGE, ...answer });
  const failing = (body: string, fault: object) =>
    stack.admin("faults", { endpoint: "ka", fault, match: { body } });
  await failing("refund policy", { kind: "status", status: 503 });
  await failing("pricing policy", { kind: "error_frame", form: "failed" });
}

/** The database takes everything but the step that holds these words: they are out when the run fails. */
export function refuseToKeep(database: SqliteConnection, words: string): void {
  const columns = { checkpoints: "checkpoint", writes: "value" };
  for (const [table, column] of Object.entries(columns))
    database.exec(
      `CREATE TRIGGER refuse_${table} BEFORE INSERT ON ${table}
       WHEN instr(CAST(NEW.${column} AS TEXT), '${words}') > 0
       BEGIN SELECT RAISE(ABORT, 'refused in /internal/path'); END`,
    );
}
