/** Asks the part of the company that stands behind an endpoint. */
import type { Request } from "express";
import type { Asked, Company, PartAnswer } from "../company/contract.ts";
import type { EndpointName } from "../http/endpoint-name.ts";
import { filler } from "../http/filler.ts";
import type { SandboxState } from "../state.ts";

const PARTS: Partial<Record<EndpointName, (company: Company) => Company["knowledge"]>> = {
  app: (company) => company.retention,
  ka: (company) => company.knowledge,
  chat_agent: (company) => company.knowledge,
  churn: (company) => company.churn,
};

/** Documents get the sandbox's host in their URLs, so that citations open. Plays the `huge` fault. */
export async function answerPart(
  state: SandboxState,
  endpoint: EndpointName,
  req: Request,
  asked: Asked,
): Promise<PartAnswer> {
  const part = PARTS[endpoint]?.(state.company);
  if (!part) throw new Error(`No part of the company answers for ${endpoint}.`);
  const answer = await part.answer(asked);
  const citations = answer.citations.map((one) => ({ ...one, url: new URL(one.url, state.host()).href }));
  return { ...answer, citations, text: answer.text + filler(state.faults.take(endpoint, req, ["huge"])) };
}
