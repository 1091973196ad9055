/** AI functions without a model: `ai_classify` by keyword overlap; the others fail and say why. */

const UNSUPPORTED =
  /\b(ai_query|ai_forecast|ai_gen|ai_extract|ai_summarize|ai_translate|ai_analyze_sentiment)\s*\(/i;
const CLASSIFY = /\bai_classify\s*\(/i;

/** Throws for an AI function that the sandbox cannot play honestly. */
export function emulateAiFunctions(sql: string): string {
  const unsupported = UNSUPPORTED.exec(sql)?.[1];
  if (unsupported) {
    throw new Error(
      `${unsupported.toLowerCase()} needs a model and is not emulated by the sandbox; ai_classify is.`,
    );
  }
  let rest = sql;
  for (let found = CLASSIFY.exec(rest); found; found = CLASSIFY.exec(rest)) {
    const { args, end } = argumentsFrom(rest, found.index + found[0].length);
    rest = rest.slice(0, found.index) + classify(args) + rest.slice(end);
  }
  return rest;
}

/** The label with the largest share of its words in the text; the first one on a tie, NULL without any. */
function classify(args: string[]): string {
  const [text = "''", list = ""] = args;
  const labels = [...list.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1] ?? "");
  if (labels.length < 2) throw new Error("ai_classify needs at least two labels, as texts in an array.");
  const scores = labels.map((label) => {
    const words = label
      .toLowerCase()
      .split(/[^\p{L}\p{N}']+/u)
      .filter(Boolean);
    const hits = words.map(
      (word) => `(CASE WHEN contains(lower(CAST(${text} AS VARCHAR)), '${word}') THEN 1 ELSE 0 END)`,
    );
    return `(${hits.join(" + ") || "0"}) / ${Math.max(1, words.length)}.0`;
  });
  const branches = labels.map((label, i) => {
    const best = scores.filter((_, j) => j !== i).map((score) => `${scores[i]} >= ${score}`);
    return `WHEN ${best.join(" AND ")} THEN '${label}'`;
  });
  return `(CASE WHEN greatest(${scores.join(", ")}) = 0 THEN NULL ${branches.join(" ")} END)`;
}

/** Arguments up to the closing parenthesis, split at top-level commas. */
function argumentsFrom(sql: string, start: number): { args: string[]; end: number } {
  const args: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = start;
  for (let i = start; i < sql.length; i++) {
    const char = sql[i] ?? "";
    if (char === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (char === "," && depth === 0) {
      args.push(sql.slice(from, i).trim());
      from = i + 1;
    } else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) {
      depth -= 1;
      if (depth < 0) return { args: [...args, sql.slice(from, i).trim()], end: i + 1 };
    }
  }
  throw new Error("ai_classify is not closed.");
}
