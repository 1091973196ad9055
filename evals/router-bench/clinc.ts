/** Reads CLINC150 (Larson et al. 2019, CC BY 3.0) from a copy of its repository, `clinc/oos-eval`. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Example } from "../../routing/classifier/train.ts";
import type { Suite } from "./suite.ts";

const Rows = z.array(z.tuple([z.string(), z.string()]));
const Data = z.object({ train: Rows, val: Rows, test: Rows, oos_test: Rows });
const Domains = z.record(z.string(), z.array(z.string()));
type Label = (intent: string) => Omit<Example, "text">;

/** Its intents as classes, and its ten domains as backends, without and with intents as sub-topics. */
export function readClinc(folder: string): Suite[] {
  const data = Data.parse(read(folder, "data_full.json"));
  const domains = new Map(
    Object.entries(Domains.parse(read(folder, "domains.json"))).flatMap(([domain, intents]) =>
      intents.map((intent) => [intent, domain] as const),
    ),
  );
  const domainOf = (intent: string) => domains.get(intent) ?? "none";
  const foreign = data.oos_test.map(([text]) => text);
  const suite = (name: string, label: Label): Suite => {
    const labelled = (rows: [string, string][]) => rows.map(([text, intent]) => ({ text, ...label(intent) }));
    return {
      name,
      train: labelled(data.train),
      validation: labelled(data.val),
      test: labelled(data.test),
      foreign,
    };
  };
  return [
    suite("CLINC150 domains", (intent) => ({ label: domainOf(intent) })),
    suite("CLINC150 domains with sub-topics", (intent) => ({ label: domainOf(intent), topic: intent })),
    suite("CLINC150 intents", (intent) => ({ label: intent })),
  ];
}

function read(folder: string, file: string): unknown {
  const found = [path.join(folder, file), path.join(folder, "data", file)].find((each) => existsSync(each));
  if (found === undefined) throw new TypeError(`${folder} holds no ${file}.`);
  return JSON.parse(readFileSync(found, "utf8"));
}
