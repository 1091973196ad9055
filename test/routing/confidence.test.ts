/** Honest confidence, and the file through which the router learns of it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { readCalibration, writeCalibration } from "../../routing/calibration-file.ts";
import { fitConfidence, temper } from "../../routing/confidence.ts";
import { createRouter } from "../../routing/create-router.ts";
import { appendPromoted, readPromoted } from "../../routing/promoted-file.ts";
import { textHash } from "../../routing/text/text-hash.ts";
import { fourBackends } from "./cards.fixture.ts";

const at = (name: string) => path.join(mkdtempSync(path.join(tmpdir(), "orchestrator-routing-")), name);

describe("temper", () => {
  it("keeps a half and draws the rest towards it", () => {
    expect(temper(0.5, 3)).toBeCloseTo(0.5, 12);
    expect(temper(0.9, 2)).toBeCloseTo(0.75, 12);
    expect(temper(0.9, 1)).toBeCloseTo(0.9, 12);
  });

  it("finds the temperature of an overconfident router", () => {
    // Says 0.9, is right three times out of four: temper(0.9, 2) is 0.75.
    const outcomes = Array.from({ length: 400 }, (_, i) => ({ probability: 0.9, right: i % 4 !== 0 }));
    expect(fitConfidence(outcomes)).toBeCloseTo(2, 3);
    expect(fitConfidence([])).toBe(1);
  });
});

describe("the calibration file", () => {
  it("comes back as it was written, and is absent before", () => {
    const file = at("deep/calibration.json");
    expect(readCalibration(file)).toBeNull();
    const calibration = {
      temperature: 1.5,
      threshold: 0.8,
      target: 0.95,
      delta: 0.1,
      n: 300,
      achievable: true,
    };
    writeCalibration(file, calibration);
    expect(readCalibration(file)).toEqual(calibration);
  });

  it("stops the start when it is no calibration", () => {
    const file = at("calibration.json");
    writeFileSync(file, "{}");
    expect(() => readCalibration(file)).toThrow(ConfigError);
  });

  it("is what the router decides by", async () => {
    const config = fourBackends();
    const file = at("calibration.json");
    const calibration = {
      temperature: 1,
      threshold: 0.77,
      target: 0.95,
      delta: 0.1,
      n: 300,
      achievable: true,
    };
    writeCalibration(file, calibration);
    const routing = { ...config.routing, calibration_file: file };
    const router = createRouter({ ...config, routing }, { models: { router: null, planner: null } });
    const plan = await router.route(
      {
        question: "How many tickets were opened in March?",
        history: [],
        summary: "",
        previous: null,
        allowed: ["revenue_genie", "policy_assistant"],
      },
      { signal: new AbortController().signal, deadline: Number.MAX_SAFE_INTEGER, onUsage: () => {} },
    );
    expect(plan.decision.threshold).toBe(0.77);
  });
});

describe("the promoted file", () => {
  it("keeps labels line by line and names a wrong line", () => {
    const file = at("promoted.jsonl");
    expect(readPromoted(file)).toEqual([]);
    appendPromoted(file, [{ text: "Who is on call?", backends: ["rota"] }]);
    appendPromoted(file, [{ text: "Is it raining?", backends: [] }]);
    expect(readPromoted(file)).toEqual([
      { text: "Who is on call?", backends: ["rota"] },
      { text: "Is it raining?", backends: [] },
    ]);
    writeFileSync(file, '{"text": 1}\n');
    expect(() => readPromoted(file)).toThrow(ConfigError);
  });
});

describe("textHash", () => {
  it("ignores case, punctuation and spacing", () => {
    expect(textHash("What is  our MRR?")).toBe(textHash("what is our mrr"));
    expect(textHash("What is our ARR?")).not.toBe(textHash("what is our mrr"));
  });
});
