/** Reads of a stored response what a candidate keeps: question, plan, calls, answer. */
import { z } from "zod";
import type { ResponseRecord } from "../../store/responses.ts";
import { Candidate } from "./candidate.ts";

const Body = z.object({
  output: z.array(z.object({ content: z.array(z.object({ text: z.string().default("") })).optional() })),
  custom_outputs: z.object({
    plan: Candidate.shape.plan,
    backend_calls: Candidate.shape.calls.default([]),
  }),
});
const UserItem = z.object({
  role: z.literal("user"),
  content: z.union([z.string(), z.array(z.object({ text: z.string().default("") }))]),
});

export type ReadResponse = Pick<Candidate, "question" | "plan" | "calls" | "answer">;

/** Null when there is no question or no plan in it, or when a client sent the plan. */
export function readResponse({ body, input }: ResponseRecord): ReadResponse | null {
  const parsed = Body.safeParse(body);
  const asked = input.flatMap((item) => UserItem.safeParse(item).data ?? []).at(-1)?.content;
  if (!parsed.success || asked === undefined) return null;
  const { plan, backend_calls } = parsed.data.custom_outputs;
  const question = typeof asked === "string" ? asked : asked.map(({ text }) => text).join("\n");
  if (question.trim() === "" || plan.decision.tier === "given") return null;
  const answer = parsed.data.output.flatMap(({ content = [] }) => content.map(({ text }) => text)).join("");
  return { question, plan, calls: backend_calls, answer };
}
