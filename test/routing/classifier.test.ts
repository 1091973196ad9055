/** The local text classifier on a small made-up set: kitchens, gardens and garages. */
import { describe, expect, it } from "vitest";
import { bend, fitCurve, STRAIGHT } from "../../routing/classifier/confidence-curve.ts";
import { restoreClassifier } from "../../routing/classifier/model.ts";
import { createNgramReader } from "../../routing/classifier/ngrams.ts";
import { fitScaling } from "../../routing/classifier/temperature.ts";
import { trainClassifier, type Example } from "../../routing/classifier/train.ts";
import { createVectorizer, fitVocabulary } from "../../routing/classifier/vectorizer.ts";

const VERBS = ["how do I", "when should I", "why do we", "please help me", "is it hard to", "can I"];
const TOPICS: Record<string, Record<string, string[]>> = {
  kitchen: {
    baking: ["bake a cake", "knead the dough", "preheat the oven"],
    cooking: ["boil the pasta", "fry an egg", "season the soup"],
  },
  garden: {
    plants: ["water the roses", "prune the apple tree", "plant tomatoes"],
    lawn: ["mow the lawn", "rake the leaves", "fertilise the grass"],
  },
  garage: {
    car: ["change the tyres", "check the engine oil", "charge the battery"],
    tools: ["sharpen the saw", "oil the drill", "sort the screws"],
  },
};
const examples: Example[] = Object.entries(TOPICS).flatMap(([label, topics]) =>
  Object.entries(topics).flatMap(([topic, things]) =>
    things.flatMap((thing) => VERBS.map((verb) => ({ label, topic, text: `${verb} ${thing}?` }))),
  ),
);

describe("trainClassifier", () => {
  it.each(["blend", "softmax", "one_vs_rest"] as const)(
    "learns by %s and sums sub-topics per label",
    (method) => {
      const classifier = trainClassifier(examples, { method });
      const [top, ...rest] = classifier.predict("Should I mow the grass and water the tomatoes?");
      expect(top?.label).toBe("garden");
      expect(top?.probability).toBeGreaterThan(0.7);
      expect([...rest, top].reduce((sum, one) => sum + (one?.probability ?? 0), 0)).toBeCloseTo(1, 6);
      expect(rest.map(({ label }) => label).sort()).toEqual(["garage", "kitchen"]);
    },
  );

  it("gives the same model for the same examples and seed", () => {
    const one = trainClassifier(examples, { seed: 5 }).serialize();
    expect(trainClassifier(examples, { seed: 5 }).serialize()).toEqual(one);
    expect(trainClassifier(examples, { seed: 6 }).serialize().weights).not.toBe(one.weights);
  });

  it("survives a round trip through JSON", () => {
    const classifier = trainClassifier(examples);
    const restored = restoreClassifier(JSON.parse(JSON.stringify(classifier.serialize())));
    const question = "which oil does the engine need";
    expect(restored.predict(question)).toEqual(classifier.predict(question));
    expect(restored.labels).toEqual(["kitchen", "garden", "garage"]);
  });

  it("is less sure of a foreign question than of a known one", () => {
    const classifier = trainClassifier(examples);
    const known = classifier.predict("preheat the oven")[0]!.probability;
    const foreign = classifier.predict("quarterly earnings of shipping conglomerates")[0]!.probability;
    expect(foreign).toBeLessThan(known - 0.2);
  });

  it("takes a held-out set for the temperature instead of cross-validation", () => {
    const heldOut = examples.filter((_, i) => i % 4 === 0);
    const training = examples.filter((_, i) => i % 4 !== 0);
    const plain = trainClassifier(training);
    const aside = trainClassifier(training, { heldOut });
    expect(aside.temperature).not.toBe(plain.temperature);
    expect(aside.serialize().weights).toBe(plain.serialize().weights);
  });

  it("leaves scores as they are without folds", () => {
    expect(trainClassifier(examples, { folds: 0 })).toMatchObject({ temperature: 1, doubt: 0 });
  });

  it("refuses to learn from nothing", () => {
    expect(() => trainClassifier([])).toThrow(RangeError);
  });

  it("answers any text, even an empty or a very long one", () => {
    const classifier = trainClassifier(examples);
    for (const text of ["", "???", "x".repeat(100_000), "日本語の質問"]) {
      const sum = classifier.predict(text).reduce((total, { probability }) => total + probability, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
  });
});

describe("createNgramReader", () => {
  it("sees one text in different case, spacing and apostrophes", () => {
    const read = createNgramReader();
    const copy = (text: string) => {
      const { hashes, words, total } = read(text);
      return { words, hashes: [...hashes.subarray(0, total)] };
    };
    expect(copy("What's the MRR?")).toEqual(copy("  whats THE   mrr "));
    // Three words and two pairs; ` whats the mrr ` has 15 characters: 14 + 13 + 12 + 11 n-grams.
    expect(copy("What's the MRR?").words).toBe(5);
    expect(copy("What's the MRR?").hashes).toHaveLength(55);
  });
});

describe("createVectorizer", () => {
  it("makes two blocks of equal weight, shorter by what is unknown", () => {
    const texts = ["red apple", "green apple", "green pear"];
    const vectorizer = createVectorizer(fitVocabulary(texts, 1));
    const length = (text: string): number => {
      const { values, length: count } = vectorizer.vectorize(text);
      return Math.hypot(...values.subarray(0, count));
    };
    expect(length("red apple")).toBeCloseTo(1, 5);
    expect(length("red bicycle")).toBeLessThan(0.8);
    expect(length("zzz")).toBe(0);
  });
});

describe("The confidence curve", () => {
  const claims = (probability: number, share: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ probability, right: i < share * count, weight: 1 }));

  it("brings what is claimed to what came true", () => {
    const curve = fitCurve([...claims(0.5, 0.6, 500), ...claims(0.95, 0.85, 500)]);
    const bent = (first: number) => {
      const sorted = [
        { label: "a", probability: first },
        { label: "b", probability: (1 - first) * 0.75 },
        { label: "c", probability: (1 - first) * 0.25 },
      ];
      bend(sorted, curve);
      return sorted.map(({ probability }) => probability);
    };
    expect(bent(0.5)[0]).toBeCloseTo(0.6, 3);
    const [first, second, third] = bent(0.95);
    expect(first).toBeCloseTo(0.85, 3);
    expect(second! / third!).toBeCloseTo(3, 6);
    expect(first! + second! + third!).toBeCloseTo(1, 6);
  });

  it("never lets the second overtake the first", () => {
    const sorted = [
      { label: "a", probability: 0.5 },
      { label: "b", probability: 0.49 },
      { label: "c", probability: 0.01 },
    ];
    bend(sorted, { slope: 1, shift: -3 });
    expect(sorted[0]!.probability).toBeCloseTo(sorted[1]!.probability, 9);
    expect(sorted.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
  });

  it("stays straight with few rows, or where certainty says nothing", () => {
    expect(fitCurve(claims(0.9, 0.2, 999))).toEqual(STRAIGHT);
    expect(fitCurve([...claims(0.9, 0.2, 500), ...claims(0.5, 0.9, 500)])).toEqual(STRAIGHT);
  });
});

describe("fitScaling", () => {
  const row = (margin: number, right: boolean) => ({
    scores: Float64Array.from([margin, 0]),
    right: [right ? 0 : 1],
    weight: 1,
  });

  it("finds the temperature at which stated and real certainty agree", () => {
    // Of ten rows with a margin of 2, eight are right: log(0.8 / 0.2) = 2 / temperature.
    const rows = Array.from({ length: 10 }, (_, i) => row(2, i < 8));
    expect(fitScaling(rows).temperature).toBeCloseTo(2 / Math.log(4), 2);
  });

  it("puts down to doubt what no temperature explains: sure rows that are wrong", () => {
    const sure = Array.from({ length: 300 }, (_, i) => row(30, i >= 9));
    const torn = Array.from({ length: 100 }, (_, i) => row(1, i < 73));
    expect(fitScaling([...sure, ...torn]).doubt).toBeGreaterThan(0.03);
  });
});
