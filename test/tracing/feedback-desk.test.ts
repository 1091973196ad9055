/** Votes that change while the first one is still on its way. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import type { Store } from "../../store/store.ts";
import type { Assessment, AssessmentTarget } from "../../tracing/assessment.ts";
import { feedbackDesk } from "../../tracing/feedback-desk.ts";
import { createForwarder } from "../../tracing/forwarder.ts";

let store: Store;
afterEach(() => store.close());

/** A place that takes a while; tells what it was sent, and which of its own ids was changed. */
function slowTarget(name: string, wait_ms: number) {
  const seen: [Assessment["value"], string | null][] = [];
  const target: AssessmentTarget = {
    name,
    async send(_about, { value }, before) {
      await sleep(wait_ms);
      seen.push([value, before]);
      return before ?? `${name}-${seen.length}`;
    },
  };
  return { target, seen };
}

it("changes the assessment that is still on its way, everywhere, instead of making a second one", async () => {
  store = await createStore(PersistenceConfig.parse({ kind: "memory" }), { env: {} });
  const trace = "a".repeat(32);
  await store.traces.append([
    {
      id: trace,
      owner: "ada",
      thread_id: "t",
      response_id: "resp_1",
      name: "turn",
      question: null,
      status: "ok",
      started_at: 1,
      duration_ms: 1,
      piece: "1",
      spans: [],
    },
  ]);
  const [slow, quick] = [slowTarget("slow", 60), slowTarget("quick", 5)];
  const failures: unknown[] = [];
  const forwarder = createForwarder(100, (_, error) => failures.push(error));
  const desk = feedbackDesk({
    store,
    userId: (subject) => subject,
    settle: async () => {},
    targets: [slow.target, quick.target],
    forwarder,
    redact: (text) => text,
    clock: () => 1,
  });
  for (const value of [true, false, true])
    await desk.give("ada", { trace_id: trace, question: "answered", value });
  await forwarder.settle();
  await desk.give("ada", { trace_id: trace, question: "answered", value: false });
  await forwarder.settle();
  for (const { seen, target } of [slow, quick]) {
    expect(seen.map(([, before]) => before)).toEqual([null, ...seen.slice(1).map(() => `${target.name}-1`)]);
    expect(seen.at(-1)?.[0]).toBe(false);
  }
  expect(failures).toEqual([]);
});
