/** One YAML file as plain data with variables filled in, and where each value stands. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import type { Problem } from "../config-error.ts";
import { pathText } from "./config-path.ts";
import type { ConfigPath } from "./config-path.ts";
import { expandEnv } from "./expand-env.ts";
import type { Env } from "./expand-env.ts";

export interface ConfigFile {
  /** As shown in problems; nothing is read from it. */
  path: string;
  text: string;
}

/** Where a value stands, and the text before expansion where it held variables. */
export interface Origin {
  file: string;
  line: number;
  reference: string | null;
}

export interface Source {
  data: unknown;
  /** By path text. */
  origins: Map<string, Origin>;
  problems: Problem[];
}

interface Reading extends Source {
  file: string;
  env: Env;
  document: Document;
  lines: LineCounter;
}

/** Marks a value that is not given: a bare reference to an empty variable, or a mapping of nothing else. */
const ABSENT = Symbol("absent");

export function readYaml(file: ConfigFile, env: Env): Source {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const reading: Reading = {
    data: {},
    // An empty file has a name, too.
    origins: new Map([["", { file: file.path, line: 1, reference: null }]]),
    problems: [],
    file: file.path,
    env,
    document,
    lines,
  };
  if (document.errors.length > 0) {
    reading.problems = document.errors.map((error) => ({
      file: file.path,
      line: lines.linePos(error.pos[0]).line,
      path: "",
      found: error.message,
      expected: "valid YAML",
      fix: "mend the line; text with `: ` or ` #` in it, or that starts with a special sign, belongs in quotes",
    }));
    return reading;
  }
  const data = document.contents === null ? ABSENT : plain(document.contents, [], reading);
  return { data: data === ABSENT ? {} : data, origins: reading.origins, problems: reading.problems };
}

function plain(node: Node | null, path: ConfigPath, reading: Reading): unknown {
  if (isAlias(node)) return plain(node.resolve(reading.document) ?? null, path, reading);
  if (isMap(node)) return plainMap(node.items, path, reading);
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const value = plainAt(item, item, [...path, index], reading);
      return value === ABSENT ? "" : value;
    });
  }
  if (!isScalar(node)) return null;
  return typeof node.value === "string" ? text(node.value, node.type === "PLAIN", path, reading) : node.value;
}

function plainMap(
  items: readonly { key: unknown; value: unknown }[],
  path: ConfigPath,
  reading: Reading,
): unknown {
  const entries: [string, unknown][] = [];
  for (const { key, value } of items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const child = plainAt(key, value, [...path, name], reading);
    if (child !== ABSENT) entries.push([name, child]);
  }
  return entries.length === 0 && items.length > 0 ? ABSENT : Object.fromEntries(entries);
}

function plainAt(anchor: unknown, value: unknown, path: ConfigPath, reading: Reading): unknown {
  const offset = isNode(anchor) ? (anchor.range?.[0] ?? 0) : 0;
  const line = reading.lines.linePos(offset).line;
  reading.origins.set(pathText(path), { file: reading.file, line, reference: null });
  return plain(isNode(value) ? value : null, path, reading);
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function text(value: string, bare: boolean, path: ConfigPath, reading: Reading): unknown {
  if (!value.includes("${")) return value;
  const where = pathText(path);
  const origin = reading.origins.get(where) ?? { file: reading.file, line: 1, reference: null };
  reading.origins.set(where, { ...origin, reference: value });
  const expanded = expandEnv(value, reading.env);
  for (const name of expanded.missing) {
    reading.problems.push({
      file: origin.file,
      line: origin.line,
      path: where,
      found: `\${${name}}, which is not set`,
      expected: "the value of an environment variable",
      fix: fixFor(name, reading.env),
    });
  }
  return expanded.text === "" && bare ? ABSENT : expanded.text;
}

/** The CLI's profile gives the host: where it does not, the profile is what has to be mended. */
function fixFor(name: string, { DATABRICKS_CONFIG_PROFILE: profile }: Env): string {
  return name === "DATABRICKS_HOST" && profile !== undefined
    ? `the profile "${profile}" has no host: run \`databricks auth login --host https://... --profile ${profile}\`, or set ${name}`
    : `set ${name} in the environment or in .env, or give a default: \${${name}:-value}`;
}
