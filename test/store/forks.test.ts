import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { Store } from "../../store/store.ts";
import { KINDS, useDatabase } from "./databases.ts";

const State = Annotation.Root({ question: Annotation<string>, log: Annotation<string | undefined> });
const thread = { configurable: { thread_id: "thread-1" } };

describe.each(KINDS)("%s: children of one checkpoint", (kind) => {
  const database = useDatabase(kind);

  it("do not see each other, not even after a restart", async () => {
    const first = await database.open();
    const graph = graphOn(first);
    await graph.invoke({ question: "root" }, thread);
    const root = (await graph.getState(thread)).config;
    await graph.invoke({ question: "child A" }, root);
    const childA = (await graph.getState(thread)).config;
    await graph.invoke({ question: "child B" }, root);
    const childB = (await graph.getState(thread)).config;
    await first.close();
    const again = graphOn(await database.open());
    expect((await again.getState(childA)).values).toEqual({ question: "child A", log: "root|child A|" });
    expect((await again.getState(childB)).values).toEqual({ question: "child B", log: "root|child B|" });
    expect((await again.invoke({ question: "grandchild" }, childA)).log).toBe("root|child A|grandchild|");
  });
});

function graphOn(store: Store) {
  return new StateGraph(State)
    .addNode("write", (state) => ({ log: `${state.log ?? ""}${state.question}|` }))
    .addEdge(START, "write")
    .addEdge("write", END)
    .compile({ checkpointer: store.checkpointer });
}
