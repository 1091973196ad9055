/** The scripted model: answers that a test queues, and the requests that it received. */
import { z } from "zod";

const blockSchema = z.looseObject({ type: z.string() });

export const scriptedSchema = z.strictObject({
  /** Only for a request whose JSON contains this text; other requests pass over it. */
  match: z.string().optional(),
  /** Leave it in the queue after use. */
  keep: z.boolean().optional(),
  text: z.string().optional(),
  /** Content in block form, as gpt-oss and Claude answer (contracts section 5). */
  blocks: z.array(blockSchema).optional(),
  /** Sent as text. */
  json: z.json().optional(),
  tool_calls: z.array(z.strictObject({ name: z.string(), arguments: z.json() })).optional(),
  /** The stream piece by piece: `delta` as is, `raw` as the whole frame. */
  chunks: z
    .array(
      z.strictObject({
        delta: z.json().optional(),
        raw: z.string().optional(),
        delay_ms: z.number().optional(),
      }),
    )
    .optional(),
  finish_reason: z.string().optional(),
  usage: z.record(z.string(), z.number()).optional(),
  delay_ms: z.number().optional(),
  /** A failure with this HTTP status. */
  status: z.int().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.json().optional(),
  /** Never answers. */
  hang: z.boolean().optional(),
  /** Destroys the socket after the first half of the answer. */
  cut: z.boolean().optional(),
});

export type Scripted = z.infer<typeof scriptedSchema>;

export interface ModelScript {
  queue(...answers: Scripted[]): void;
  /** The first queued answer that fits the request. */
  next(request: unknown): Scripted | null;
  requests(): unknown[];
  queued(): number;
  clear(): void;
}

const KEPT_REQUESTS = 2_000;

export function createModelScript(): ModelScript {
  let answers: Scripted[] = [];
  let received: unknown[] = [];
  return {
    queue: (...more) => void answers.push(...more),
    next(request) {
      received.push(request);
      if (received.length > KEPT_REQUESTS) received.shift();
      const text = JSON.stringify(request);
      const answer = answers.find(({ match }) => match === undefined || text.includes(match));
      if (answer && !answer.keep) answers = answers.filter((other) => other !== answer);
      return answer ?? null;
    },
    requests: () => received,
    queued: () => answers.length,
    clear() {
      answers = [];
      received = [];
    },
  };
}
