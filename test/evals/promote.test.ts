/** Which answers become candidates, and where labels go. */
import { describe, expect, it } from "vitest";
import { chooseCandidates, type ChooseOptions } from "../../evals/promote/choose.ts";
import { isForTest, sortLabels } from "../../evals/promote/labels.ts";
import { textHash } from "../../routing/text/text-hash.ts";
import type { FeedbackRecord } from "../../store/feedback.ts";
import type { ResponseRecord } from "../../store/responses.ts";

const options: ChooseOptions = {
  sample: 0.02,
  margin: 0.1,
  random: () => 0.5,
  redact: (text) => text.replaceAll("secret", "[redacted]"),
  known: new Set(),
};

function answered(id: string, question: string, plan: object = {}): ResponseRecord {
  const decision = { tier: "local", probabilities: { sales: 0.9, docs: 0.1 } };
  const steps = [{ id: "s1", backend: "sales", question, depends_on: [] }];
  return {
    id,
    owner: "ann",
    thread_id: "t",
    thread_key: "t",
    checkpoint_id: null,
    previous_response_id: null,
    conversation_id: null,
    status: "completed",
    created_at: 1,
    body: {
      output: [{ content: [{ text: "It is 7." }] }],
      custom_outputs: { plan: { kind: "plan", steps, decision, ...plan }, backend_calls: [] },
    },
    input: [{ id: "i", type: "message", role: "user", content: [{ type: "input_text", text: question }] }],
  };
}

function said(response_id: string, body: object): FeedbackRecord {
  const shape = { question: "answered", value: false, comment: null, correction: null, ...body };
  return { id: `fb-${response_id}`, owner: "ann", thread_id: "t", response_id, created_at: 2, body: shape };
}

const reasons = (responses: ResponseRecord[], feedback: FeedbackRecord[] = [], more = {}) =>
  chooseCandidates(responses, feedback, { ...options, ...more }).map(({ question, reason }) => [
    question,
    reason,
  ]);

describe("chooseCandidates", () => {
  it("takes complaints, abstentions, close calls and a share of the rest", () => {
    const close = { decision: { tier: "local", probabilities: { sales: 0.5, docs: 0.45 } } };
    const responses = [
      answered("a", "How many?"),
      answered("b", "Rain?", { kind: "refuse", steps: [] }),
      answered("c", "Which ones?", close),
      answered("d", "Sure?"),
    ];
    expect(reasons(responses, [said("a", {}), said("d", { value: true })])).toEqual([
      ["How many?", "negative_feedback"],
      ["Rain?", "abstained"],
      ["Which ones?", "low_margin"],
    ]);
    expect(reasons([answered("d", "Sure?")], [], { random: () => 0.01 })).toEqual([["Sure?", "sample"]]);
  });

  it("reads an affirmed wrong source as a complaint, and a denied one as praise", () => {
    const responses = [answered("a", "One?"), answered("b", "Two?")];
    const feedback = [
      said("a", { question: "wrong_source", value: true }),
      said("b", { question: "wrong_source", value: false }),
    ];
    expect(reasons(responses, feedback)).toEqual([["One?", "negative_feedback"]]);
  });

  it("keeps one candidate per question, the complaint before others, and none that is known", () => {
    const responses = [
      answered("a", "Rain?", { kind: "refuse" }),
      answered("b", "rain"),
      answered("c", "Snow?"),
    ];
    const feedback = [said("b", {}), said("c", {})];
    expect(reasons(responses, feedback, { known: new Set([textHash("snow")]) })).toEqual([
      ["rain", "negative_feedback"],
    ]);
  });

  it("redacts, and leaves out plans that a client sent", () => {
    const [candidate] = chooseCandidates(
      [answered("a", "The secret?")],
      [said("a", { comment: "secret" })],
      options,
    );
    expect(candidate?.question).toBe("The [redacted]?");
    expect(candidate?.plan.steps[0]?.question).toBe("The [redacted]?");
    expect(candidate?.feedback[0]?.comment).toBe("[redacted]");
    expect(reasons([answered("b", "Given?", { decision: { tier: "given" } })], [said("b", {})])).toEqual([]);
  });

  it("keeps one candidate of questions that differ in what is redacted alone, by the hash of what is kept", () => {
    const redact = (text: string) => text.replaceAll(/secret \d/g, "[redacted]");
    const responses = [answered("a", "Who has secret 1?"), answered("b", "Who has secret 2?")];
    const chosen = chooseCandidates(responses, [said("a", {}), said("b", {})], { ...options, redact });
    expect(chosen.map(({ hash }) => hash)).toEqual([textHash("Who has [redacted]?")]);
  });
});

describe("sortLabels", () => {
  const questions = Array.from({ length: 50 }, (_, i) => `Question number ${i} about orders?`);
  const candidates = chooseCandidates(
    questions.map((question, i) => answered(`r${i}`, question)),
    questions.map((_, i) => said(`r${i}`, { correction: { backends: ["docs"] } })),
    options,
  );

  it("lets a question train the router or test it, never both, whenever it is labelled", () => {
    const { train, test, unlabelled } = sortLabels(candidates, new Set(), true);
    expect([train.length + test.length, unlabelled]).toEqual([50, 0]);
    expect(train.every(({ text }) => !isForTest(textHash(text)))).toBe(true);
    expect(test.every(({ input }) => isForTest(textHash(input ?? "")))).toBe(true);
    expect(test.length).toBeGreaterThan(0);
  });

  it("waits for a label unless corrections are accepted, and skips what is taken", () => {
    expect(sortLabels(candidates, new Set(), false).unlabelled).toBe(50);
    const taken = new Set(candidates.map(({ hash }) => hash));
    expect(sortLabels(candidates, taken, true)).toEqual({ train: [], test: [], unlabelled: 0 });
  });
});
