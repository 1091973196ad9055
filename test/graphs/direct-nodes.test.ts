import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { RunnableSequence } from "@langchain/core/runnables";
import { describe, expect, it } from "vitest";
import { planOf } from "../nodes/plan-double.ts";
import { graphDouble } from "./graph-double.ts";
import { scriptedBackend, scriptedRouter } from "./scripted.ts";

const both = planOf(
  { id: "s1", backend: "left", question: "?" },
  { id: "s2", backend: "right", question: "?" },
);
const never = () => new Promise<never>(() => {});
const quick = () => ({ text: "Fine." });

interface Built {
  nodes: Record<string, { getNode(): object }>;
}

describe("the nodes of the graph", () => {
  it("run without a chain of runnables, every one of them", () => {
    const { graph } = graphDouble({
      backends: [scriptedBackend("left", quick)],
      router: scriptedRouter(both),
    });
    const chains = Object.entries((graph as object as Built).nodes)
      .filter(([, node]) => node.getNode() instanceof RunnableSequence)
      .map(([name]) => name);
    expect(chains).toEqual([]);
  });

  it("are not waited for when the run is aborted", async () => {
    const stop = new AbortController();
    const left = scriptedBackend("left", () => {
      stop.abort(new Error("gone"));
      return never();
    });
    const { ask } = graphDouble({
      backends: [left, scriptedBackend("right", quick)],
      router: scriptedRouter(both),
    });
    await expect(ask({ question: "?" }, { signal: stop.signal })).rejects.toThrow("gone");
  });

  it("are not waited for when one beside them fails for a bug", async () => {
    const left = scriptedBackend("left", never);
    const right = scriptedBackend("right", () => {
      throw new TypeError("a bug");
    });
    const { ask } = graphDouble({ backends: [left, right], router: scriptedRouter(both) });
    await expect(ask({ question: "?" })).rejects.toThrow("a bug");
  });

  it("are seen by callbacks with the functions of their edges", async () => {
    const names: string[] = [];
    const watch = BaseCallbackHandler.fromMethods({
      handleChainStart: (...args) => void names.push(args[7] ?? ""),
    });
    const backends = [scriptedBackend("left", quick), scriptedBackend("right", quick)];
    const { ask } = graphDouble({
      backends,
      router: scriptedRouter(both),
      observed: () => ({ callbacks: [watch] }),
    });
    await ask({ question: "?" });
    expect(names.filter((name) => name !== "")).toEqual([
      "orchestrator",
      "__start__",
      "classify",
      "RunnableLambda",
      "dispatch",
      "RunnableLambda",
      "left",
      "right",
      "dispatch",
      "RunnableLambda",
      "synthesize",
      "verify",
    ]);
  });
});
