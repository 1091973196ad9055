/** The tiny grammar of derivations: + - * / parentheses, a few functions, references; nothing is evaluated as code. */
import { tokenize, type Token } from "./arithmetic-tokens.ts";

export type Expression =
  | { kind: "number"; value: number; text: string }
  | { kind: "reference"; name: string }
  | { kind: "negate"; of: Expression }
  | { kind: "binary"; operator: "+" | "-" | "*" | "/"; left: Expression; right: Expression }
  | { kind: "call"; name: FunctionName; args: Expression[] };

export const FUNCTION_NAMES = ["sum", "avg", "mean", "min", "max", "count", "abs", "round"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

const MAX_LENGTH = 600;
const MAX_DEPTH = 40;

class SyntaxProblem extends Error {}

/** Returns the tree, or one sentence that says what is wrong. */
export function parseArithmetic(text: string): { tree: Expression } | { problem: string } {
  const tokens = text.length <= MAX_LENGTH ? tokenize(text) : null;
  if (!tokens || tokens.length === 0) return { problem: `"${text.slice(0, 80)}" is not arithmetic.` };
  try {
    const parser = new Parser(tokens);
    return { tree: parser.whole() };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { problem: error.message };
    throw error;
  }
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const tree = this.#sum();
    const rest = this.#tokens[this.#at];
    if (rest) throw new SyntaxProblem(`"${rest.text}" was not expected there.`);
    return tree;
  }

  #sum(): Expression {
    let left = this.#product();
    for (let operator = this.#take("+", "-"); operator; operator = this.#take("+", "-")) {
      left = { kind: "binary", operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): Expression {
    let left = this.#factor();
    for (let operator = this.#take("*", "/"); operator; operator = this.#take("*", "/")) {
      left = { kind: "binary", operator, left, right: this.#factor() };
    }
    return left;
  }

  #factor(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new SyntaxProblem("The derivation is nested too deeply.");
    const tree = this.#take("-")
      ? ({ kind: "negate", of: this.#factor() } as const)
      : this.#percent(this.#atom());
    this.#depth -= 1;
    return tree;
  }

  /** `20 %` is a fifth. */
  #percent(of: Expression): Expression {
    if (!this.#take("%")) return of;
    return { kind: "binary", operator: "/", left: of, right: { kind: "number", value: 100, text: "100" } };
  }

  #atom(): Expression {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "number") return { kind: "number", value: token.value, text: token.text };
    if (token?.kind === "name")
      return this.#take("(") ? this.#call(token.text) : { kind: "reference", name: token.text };
    if (token?.text === "(") {
      const inner = this.#sum();
      if (!this.#take(")")) throw new SyntaxProblem("A parenthesis is not closed.");
      return inner;
    }
    throw new SyntaxProblem(
      token ? `"${token.text}" was not expected there.` : "The derivation ends too early.",
    );
  }

  #call(text: string): Expression {
    const name = FUNCTION_NAMES.find((known) => known === text.toLowerCase());
    if (!name) throw new SyntaxProblem(`There is no function "${text}".`);
    const args = [this.#sum()];
    while (this.#take(",")) args.push(this.#sum());
    if (!this.#take(")")) throw new SyntaxProblem("A parenthesis is not closed.");
    return { kind: "call", name, args };
  }

  #take<T extends string>(...texts: T[]): T | null {
    const token = this.#tokens[this.#at];
    const taken = token?.kind === "operator" ? texts.find((text) => text === token.text) : undefined;
    if (taken === undefined) return null;
    this.#at += 1;
    return taken;
  }
}
