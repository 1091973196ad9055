/** Takes feedback: checks whose answer it is, keeps it here, and passes it on to where traces are looked at. */
import { createHash } from "node:crypto";
import type { FeedbackRecord } from "../store/feedback.ts";
import type { Json } from "../store/json.ts";
import type { Store } from "../store/store.ts";
import type { AssessmentTarget } from "./assessment.ts";
import type { FeedbackInput } from "./feedback-input.ts";
import type { Forwarder } from "./forwarder.ts";
import { createInTurn, type InTurn } from "./in-turn.ts";
import type { Redact } from "./redact.ts";
import { plainTraceId } from "./trace-ids.ts";
import { traceDetail } from "./trace-reader.ts";

export interface FeedbackDesk {
  /** Null when there is no such trace or response of this caller. The same question again changes the vote. */
  give(subject: string, input: FeedbackInput): Promise<GivenFeedback | null>;
}

export interface GivenFeedback {
  /** `fb_…`, the same for the same answer, step and question. */
  id: string;
  response_id: string;
  /** Hex; null when the trace is not kept. */
  trace_id: string | null;
  created_at: number;
  updated_at: number;
}

export interface FeedbackDeskDeps {
  store: Pick<Store, "feedback" | "responses" | "traces">;
  userId: (subject: string) => string;
  /** Resolves when what has ended is in the trace store. */
  settle: () => Promise<void>;
  targets: readonly AssessmentTarget[];
  forwarder: Forwarder;
  redact: Redact;
  clock: () => number;
}

/** What of a feedback is kept beside who and where. */
interface Body {
  trace_id: string | null;
  step: string | null;
  question: string;
  value: FeedbackInput["value"];
  comment: string | null;
  correction: Json;
  updated_at: number;
  /** Ids under which it is known elsewhere, by the name of the place. */
  sent: Record<string, string>;
}

interface About {
  response_id: string;
  thread_id: string;
  trace_id: string | null;
}

export function feedbackDesk(deps: FeedbackDeskDeps): FeedbackDesk {
  const inTurn = createInTurn();
  return {
    async give(subject, input) {
      const about = await find(deps, subject, input);
      if (about === null) return null;
      const id = feedbackId(subject, about.response_id, input);
      const record = await inTurn(id, async () => {
        const before = await deps.store.feedback.get(subject, id);
        const made = recordOf(deps, subject, { id, about, input, before });
        await deps.store.feedback.replace(made);
        return made;
      });
      for (const target of deps.targets) {
        // A vote that changes while it is on its way changes there, too: the id is known when it is its turn.
        deps.forwarder.start(target.name, () =>
          inTurn(`${id} ${target.name}`, () => forward(deps, inTurn, target, record, input)),
        );
      }
      const { updated_at } = bodyOf(record);
      return { id, response_id: about.response_id, trace_id: about.trace_id, created_at: record.created_at, updated_at }; // prettier-ignore
    },
  };
}

async function find(
  { store, userId, settle }: FeedbackDeskDeps,
  subject: string,
  input: FeedbackInput,
): Promise<About | null> {
  await settle();
  const named = plainTraceId(input.trace_id ?? input.response_id ?? "");
  const trace = await store.traces.find(userId(subject), named);
  const response =
    input.response_id === undefined ? null : await store.responses.get(subject, input.response_id);
  if (response !== null)
    return { response_id: response.id, thread_id: response.thread_id, trace_id: trace?.id ?? null };
  if (trace === null || trace.response_id === null) return null;
  return { response_id: trace.response_id, thread_id: trace.thread_id ?? "", trace_id: trace.id };
}

function feedbackId(subject: string, response: string, { step, question }: FeedbackInput): string {
  const text = JSON.stringify([subject, response, step ?? null, question]);
  return `fb_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

function recordOf(
  { redact, clock }: FeedbackDeskDeps,
  owner: string,
  given: { id: string; about: About; input: FeedbackInput; before: FeedbackRecord | null },
): FeedbackRecord {
  const { id, about, input, before } = given;
  const now = clock();
  const body: Body = {
    trace_id: about.trace_id,
    step: input.step ?? null,
    question: input.question,
    value: input.value,
    comment: input.comment === undefined ? null : redact(input.comment),
    correction: (input.correction as Json | undefined) ?? null,
    updated_at: now,
    sent: before === null ? {} : bodyOf(before).sent,
  };
  const { response_id, thread_id } = about;
  return {
    id,
    owner,
    thread_id,
    response_id,
    created_at: before?.created_at ?? now,
    body: body as object as Json,
  };
}

async function forward(
  deps: FeedbackDeskDeps,
  inTurn: InTurn,
  target: AssessmentTarget,
  given: FeedbackRecord,
  input: FeedbackInput,
): Promise<void> {
  const { feedback } = deps.store;
  const record = (await feedback.get(given.owner, given.id)) ?? given;
  const body = bodyOf(record);
  if (body.trace_id === null) return;
  const span_id = body.step === null ? null : await spanOf(deps, record.owner, body.trace_id, body.step);
  const about = { trace: body.trace_id, run_id: record.response_id.replace(/^resp_/, "") };
  const id = await target.send(
    about,
    {
      name: assessmentName(input),
      source: { source_type: "HUMAN", source_id: deps.userId(record.owner) },
      value: body.value,
      ...(body.comment === null ? {} : { rationale: body.comment }),
      ...(body.correction === null
        ? {}
        : { metadata: { correction: deps.redact(JSON.stringify(body.correction)) } }),
      ...(span_id === null ? {} : { span_id }),
    },
    body.sent[target.name] ?? null,
  );
  await inTurn(record.id, async () => {
    const now = (await feedback.get(record.owner, record.id)) ?? record;
    const kept = bodyOf(now);
    const sent = { ...kept.sent, [target.name]: id };
    await feedback.replace({ ...now, body: { ...kept, sent } as object as Json });
  });
}

/** The chat UI of Databricks calls its thumbs `user_feedback`. */
function assessmentName({ question, step }: FeedbackInput): string {
  const name = question === "other" ? "user_feedback" : question;
  return step === undefined ? name : `${name}_${step}`;
}

async function spanOf({ store, userId }: FeedbackDeskDeps, subject: string, trace: string, step: string) {
  const summary = await store.traces.find(userId(subject), trace);
  if (summary === null) return null;
  const { spans } = await traceDetail(store.traces, summary);
  return spans.find((span) => span.attributes["step.id"] === step)?.span_id ?? null;
}

function bodyOf(record: FeedbackRecord): Body {
  return record.body as object as Body;
}
