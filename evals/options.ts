/** The command line of `npm run evals`. */
import { parseArgs } from "node:util";
import { MODEL_FLAGS, namedModel, positive } from "./flags.ts";
import { parsePrice, type ModelChoice } from "./arms/model-choice.ts";

export const HELP = `Asks the labelled questions through the real server and writes a report.

npm run evals -- [options]
npm run evals -- compare <folder> <folder>    differences between two runs, with intervals
npm run evals -- router-bench --clinc <folder> --banking <folder>    the local classifier on public data
npm run evals -- arms        our graph, fan-out to all, oracle routes: a verdict per shape of question
                 [--model-url <address> --model <name>]   instead: the model alone, a single tool-calling agent,
                             fan-out, our graph in four ways, oracle routes, over any OpenAI-compatible endpoint
                 [--small-model <name>] [--model-key <variable>] [--model-price <in/out>] [--small-price <in/out>]
npm run evals -- record      asks the questions once and keeps what every backend answered, for the gate
npm run evals -- gate        holds the router against evals/baseline.json and whole answers, over recorded backends,
                             against floors per split; ends with code 1 when they are worse
                 [--strict] [--times <n>] [--floors <file>]     never ask the sandbox; run the gate over answers
                             n times; floors of one's own as JSON, like {"dev": {"routing": 0.9}}
npm run evals -- baseline    accepts the router as it is: writes evals/baseline.json
npm run evals -- judge <folder>    a model's opinion of a run's answers, with its agreement with people's labels
                 [--judges <a,b>] [--labels <file>]
npm run evals -- simulate    conversations with played users, or with recorded ones word by word
                 [--scenarios <file>] [--url <address>]
npm run evals -- distil [--since <date>]      sessions from production as scenarios
                 judge, simulate, distil: [--model-url <address> --model <name>]; else models.judge of --config
npm run evals -- push <folder> --mlflow <address or databricks> | --langsmith <dataset>
                             a finished run, its scores and verdicts into MLflow or LangSmith
npm run evals -- promote [--since <date>]     complaints, abstentions, close calls and 2 % of the rest, to be labelled
npm run evals -- label [<candidates>]         labels go to the router or to its tests, never to both
                 [--accept-corrections]

  --dataset <file>      questions, one JSON object per line (evals/datasets/routing.jsonl)
  --split <name>        dev or heldout; both without it
  --only <pattern>      only cases whose id matches this regular expression
  --limit <n>           at most n cases
  --url <address>       a server that runs already; then --sandbox gives the truth
  --sandbox <address>   the sandbox behind that server
  --config <file>       configuration of the server that is started (config/sandbox.yaml)
  --concurrency <n>     questions under way at once (4)
  --timeout <seconds>   longest wait for one turn (120)
  --out <file>          where recordings are (evals/recorded/sandbox.jsonl.gz); for arms, the report case by case
  --resume <folder>     go on with a run that broke off
  --gate                end with code 1 unless routing is right for 90 % and plans for 80 %, in both splits
  --show-heldout        list the failures of held-out cases too: never while tuning
  --help
`;

export interface Options {
  dataset: string;
  split: "dev" | "heldout" | null;
  only: RegExp | null;
  limit: number;
  url: string | null;
  sandbox: string | null;
  config: string;
  concurrency: number;
  timeout_ms: number;
  resume: string | null;
  out: string | null;
  /** For arms with a model. */
  model: ModelChoice | null;
  /** A JSON file of floors for the gate. */
  floors: string | null;
  strict: boolean;
  times: number;
  gate: boolean;
  showHeldout: boolean;
  help: boolean;
}

const ROUTING = "evals/datasets/routing.jsonl";
const TUNING = "evals/datasets/tuning.jsonl";

/** Questions of gates and arms: the sandbox's two files, or the one that is named. */
export function datasetsOf({ dataset }: Pick<Options, "dataset">): string[] {
  return dataset === ROUTING ? [ROUTING, TUNING] : [dataset];
}

/** Throws `TypeError` with one sentence for what cannot be understood. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      dataset: { type: "string", default: ROUTING },
      split: { type: "string" },
      only: { type: "string" },
      limit: { type: "string" },
      url: { type: "string" },
      sandbox: { type: "string" },
      config: { type: "string", default: "config/sandbox.yaml" },
      concurrency: { type: "string", default: "4" },
      timeout: { type: "string", default: "120" },
      resume: { type: "string" },
      out: { type: "string" },
      ...MODEL_FLAGS,
      "small-model": { type: "string" },
      "model-price": { type: "string" },
      "small-price": { type: "string" },
      floors: { type: "string" },
      strict: { type: "boolean", default: false },
      times: { type: "string", default: "1" },
      gate: { type: "boolean", default: false },
      "show-heldout": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    dataset: values.dataset,
    split: splitOf(values.split),
    only: values.only === undefined ? null : new RegExp(values.only),
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : positive("--limit", values.limit),
    url: values.url ?? null,
    sandbox: values.sandbox ?? null,
    config: values.config,
    concurrency: positive("--concurrency", values.concurrency),
    timeout_ms: positive("--timeout", values.timeout) * 1_000,
    resume: values.resume ?? null,
    out: values.out ?? null,
    model: modelOf(values),
    floors: values.floors ?? null,
    strict: values.strict,
    times: positive("--times", values.times),
    gate: values.gate,
    showHeldout: values["show-heldout"],
    help: values.help,
  };
}

function modelOf(
  flags: Parameters<typeof namedModel>[0] &
    Partial<Record<"small-model" | "model-price" | "small-price", string | undefined>>,
): ModelChoice | null {
  const named = namedModel(flags);
  if (named === null) return null;
  const price = (name: "model-price" | "small-price") =>
    flags[name] === undefined ? null : parsePrice(`--${name}`, flags[name]);
  return {
    ...named,
    small: flags["small-model"] ?? null,
    price: price("model-price"),
    smallPrice: price("small-price"),
  };
}

function splitOf(value: string | undefined): Options["split"] {
  if (value === undefined || value === "dev" || value === "heldout") return value ?? null;
  throw new TypeError(`--split is dev or heldout, not "${value}".`);
}
