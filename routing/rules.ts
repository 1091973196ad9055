/** Tier 0: what the user or the operator said outright, `@backend` and the rules of the configuration. */
import type { RoutingConfig } from "../config/schema.ts";

export interface RuleMatch {
  backends: string[];
  /** The question without its mentions. */
  question: string;
  reason: string;
}

const MENTION = /(?<![\p{L}\p{N}_.])@([a-z][a-z0-9_]{0,40})\b[,:]?/giu;

/** The backends named by `@name`, in order; names that do not exist are left in the text. */
export function matchMentions(question: string, backends: readonly string[]): RuleMatch | null {
  const found: string[] = [];
  const rest = question.replace(MENTION, (written, name: string) => {
    const backend = backends.find((known) => known === name.toLowerCase());
    if (backend === undefined) return written;
    if (!found.includes(backend)) found.push(backend);
    return "";
  });
  if (found.length === 0) return null;
  const text = rest.replace(/\s+/g, " ").trim();
  const named = found.map((name) => `@${name}`).join(" and ");
  return { backends: found, question: text === "" ? question : text, reason: `The question names ${named}.` };
}

export type Rules = (question: string, backends: readonly string[]) => RuleMatch | null;

/** Compiles the operator's rules once; the first whose pattern fits and whose backends may be used wins. */
export function compileRules(rules: RoutingConfig["rules"]): Rules {
  const compiled = rules.map((rule) => ({
    pattern: new RegExp(rule.pattern, rule.flags.replace(/[gy]/g, "")),
    backends: rule.backends,
  }));
  return (question, backends) => {
    for (const rule of compiled) {
      if (!rule.pattern.test(question)) continue;
      const usable = rule.backends.filter((name) => backends.includes(name));
      if (usable.length > 0)
        return { backends: usable, question, reason: `The rule /${rule.pattern.source}/ matches.` };
    }
    return null;
  };
}
