/** A Genie conversation that was deleted between two turns of a thread: the reader hears of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { planOf } from "./given-plan.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

const NOTE =
  "*Note:*\n\n- Revenue genie: its earlier conversation was no longer there, so the question was asked without it; what it referred to may be missing.";

describe.each(["mcp", "rest"])("over %s", (transport) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(overlay({ backends: [{ name: "revenue_genie", transport }] }));
  });
  afterAll(() => stack.close());

  async function ask(question: string, thread_id: string) {
    const plan = planOf([{ backend: "revenue_genie", question }]);
    const { body } = await stack.ask({ input: question, custom_inputs: { thread_id, plan } });
    return { text: textOf(body), call: body.custom_outputs.backend_calls?.[0] };
  }

  it("is told in the answer and in the provenance, once", async () => {
    const first = await ask("What is the MRR by region?", transport);
    expect([first.text.includes("*Note:*"), first.call?.notes]).toEqual([false, undefined]);
    await deleteConversation(stack, first.call?.conversation_id ?? "");
    const second = await ask("What is the MRR by segment?", transport);
    expect(second.text.endsWith(NOTE)).toBe(true);
    expect(second.call?.notes).toHaveLength(1);
    expect(second.call?.conversation_id).not.toBe(first.call?.conversation_id);
    const third = await ask("What is the MRR by plan?", transport);
    expect([third.text.includes("*Note:*"), third.call?.notes]).toEqual([false, undefined]);
    expect(third.call?.conversation_id).toBe(second.call?.conversation_id);
  });
});

/** As its owner, the app, with a token of its own. */
async function deleteConversation(stack: Stack, conversation: string): Promise<void> {
  const asked = (await stack.calls()).find(({ conversation_id }) => conversation_id === conversation);
  const space = /genie\/(?:spaces\/)?([^/]+)/.exec(asked?.path ?? "")?.[1];
  const granted = await fetch(`${stack.sandbox.url}/oidc/v1/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("sandbox:sandbox-secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "all-apis" }),
  });
  const { access_token } = (await granted.json()) as { access_token: string };
  const gone = await fetch(
    `${stack.sandbox.url}/api/2.0/genie/spaces/${space}/conversations/${conversation}`,
    { method: "DELETE", headers: { authorization: `Bearer ${access_token}` } },
  ); // prettier-ignore
  expect(gone.status).toBe(200);
}
