import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { CheckedState } from "../../nodes/checked-state.ts";
import { GraphInput, GraphState, type State } from "../../nodes/channels.ts";

const FORMS = { "the zod object": GraphState, "the checked state": CheckedState };

function graphOf(state: typeof GraphState, update: object) {
  return new StateGraph({ state, input: GraphInput })
    .addNode("write", () => update as Partial<State>)
    .addEdge(START, "write")
    .compile({ checkpointer: new MemorySaver() });
}

async function after(state: typeof GraphState, ...updates: object[]): Promise<unknown> {
  const [first = {}, ...others] = updates;
  const graph = graphOf(state, first);
  const where = { configurable: { thread_id: "t" } };
  await graph.invoke({ question: "?" }, where);
  for (const update of others) await graph.updateState(where, update, "write");
  return (await graph.getState(where)).values;
}

describe.each(Object.entries(FORMS))("the state as %s", (_name, state) => {
  it("starts every field with its value", async () => {
    expect(await after(state)).toEqual({
      question: "?",
      options: {},
      run_id: "",
      history: [],
      summary: "",
      previous: null,
      turn: 0,
      clarified: false,
      plan: null,
      replans: 0,
      findings: [],
      usage: [],
      approvals: {},
      conversations: {},
      answer: null,
      verification: null,
    });
  });

  it("appends, merges and starts anew as written", async () => {
    const call = { node: "a", model: null, calls: 1, usage: null, latency_ms: 2, usd: null };
    const values = await after(
      state,
      { usage: [call], conversations: { genie: "c1" }, turn: 1 },
      { usage: [{ ...call, node: "b" }], conversations: { docs: "c2" }, turn: 2 },
    );
    expect(values).toMatchObject({
      usage: [{ node: "a" }, { node: "b" }],
      conversations: { genie: "c1", docs: "c2" },
      turn: 2,
    });
    expect(await after(state, { usage: [call] }, { usage: { restart: [] } })).toMatchObject({ usage: [] });
  });

  it("drops what a field does not hold", async () => {
    const values = await after(state, { history: [{ role: "user", content: "Hello", secret: "x" }] });
    expect(values).toMatchObject({ history: [{ role: "user", content: "Hello" }] });
    expect(JSON.stringify(values)).not.toContain("secret");
  });

  it.each([{ turn: "two" }, { findings: [{ step: 1 }] }, { answer: { text: 5 } }])(
    "refuses the write %j",
    async (update) => {
      await expect(after(state, update)).rejects.toThrow(/expected/);
    },
  );
});
