/** Faults that a test switches on per endpoint, and the order in which they are used up. */
import type { Request } from "express";
import { z } from "zod";
import { ENDPOINTS, type EndpointName } from "./endpoint-name.ts";

/** Faults of the connection or the reply as a whole; struck before the endpoint's own code runs. */
export const TRANSPORT_KINDS = [
  "latency",
  "status",
  "hang",
  "reset",
  "cut",
  "malformed",
  "wrong_content_type",
  "redirect",
] as const;

/** Faults that only the endpoint's own code can play. */
export const HANDLER_KINDS = ["expired_result", "mcp_error", "session_lost", "huge", "error_frame"] as const;

export type FaultKind = (typeof TRANSPORT_KINDS)[number] | (typeof HANDLER_KINDS)[number];

const faultSchema = z.strictObject({
  kind: z.enum([...TRANSPORT_KINDS, ...HANDLER_KINDS]),
  /** `latency`: milliseconds before the endpoint answers as usual. `cut`: milliseconds until the cut. */
  ms: z.number().nonnegative().optional(),
  /** `status`: the HTTP status, with `error_code` and `message` in the body unless `body` is given. */
  status: z.int().min(200).max(599).optional(),
  /** `status`: value of the Retry-After header, seconds or a date. */
  retry_after: z.union([z.number(), z.string()]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** `status`, `malformed`, `wrong_content_type`: the body as sent. */
  body: z.string().optional(),
  content_type: z.string().optional(),
  /** `redirect`: where to; default is the login page. */
  location: z.string().optional(),
  /** `cut`: body bytes that still get through; default is half of a plain body, 400 of a stream. */
  after_bytes: z.int().nonnegative().optional(),
  /** `huge`: bytes added to the text of the answer, default 5,000,000. */
  bytes: z.int().positive().optional(),
  /** `mcp_error`: JSON-RPC code. */
  code: z.int().optional(),
  error_code: z.string().optional(),
  message: z.string().optional(),
  /** `error_frame`: MLflow's untyped `{"error": text}`, the typed `error` event, or `response.failed`. */
  form: z.enum(["untyped", "typed", "failed"]).optional(),
});

export const faultRuleSchema = z.strictObject({
  endpoint: z.enum(ENDPOINTS),
  fault: faultSchema,
  /** How often it strikes before it is used up; without it, until deleted. */
  times: z.int().positive().optional(),
  /** Matching calls that pass before the first strike. */
  skip: z.int().nonnegative().optional(),
  probability: z.number().min(0).max(1).optional(),
  /** Only calls with this method, this text in the path, or this text in the JSON body. */
  match: z
    .strictObject({
      method: z.string().optional(),
      path: z.string().optional(),
      body: z.string().optional(),
    })
    .optional(),
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultRule = z.infer<typeof faultRuleSchema>;

export interface FaultBook {
  add(rule: FaultRule): void;
  /** The first rule that applies to this call, counted as one strike. */
  take(endpoint: EndpointName, req: Request, kinds: readonly FaultKind[]): Fault | null;
  clear(): void;
}

export function createFaultBook(random: () => number): FaultBook {
  let rules: FaultRule[] = [];
  return {
    add: (rule) => void rules.push({ ...rule }),
    clear: () => (rules = []),
    take(endpoint, req, kinds) {
      for (const rule of rules) {
        if (rule.endpoint !== endpoint || !kinds.includes(rule.fault.kind)) continue;
        if (rule.times === 0 || !matches(rule, req)) continue;
        if (rule.skip) {
          rule.skip -= 1;
          continue;
        }
        if (rule.probability !== undefined && random() >= rule.probability) continue;
        if (rule.times !== undefined) rule.times -= 1;
        return rule.fault;
      }
      return null;
    },
  };
}

function matches({ match }: FaultRule, req: Request): boolean {
  if (!match) return true;
  if (match.method && match.method.toUpperCase() !== req.method) return false;
  if (match.path && !req.originalUrl.includes(match.path)) return false;
  return !match.body || (JSON.stringify(req.body ?? null) ?? "").includes(match.body);
}
