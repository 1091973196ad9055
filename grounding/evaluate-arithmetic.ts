/** Computes a derivation's tree; references and literals are looked up by the caller. */
import type { Expression, FunctionName } from "./arithmetic.ts";

export interface Operands {
  /** The values of a reference (one cell, or a column), or null when the evidence has no such thing. */
  reference(name: string): number[] | null;
  /** Whether a number that was written out may be used: it stands in the evidence, or is a conversion factor. */
  literal(value: number): boolean;
}

class OperandProblem extends Error {}

/** Returns the value, or one sentence that says why there is none. */
export function evaluateArithmetic(
  tree: Expression,
  operands: Operands,
): { value: number } | { problem: string } {
  try {
    const value = scalar(evaluate(tree, operands));
    return Number.isFinite(value) ? { value } : { problem: "The derivation has no finite value." };
  } catch (error) {
    if (error instanceof OperandProblem) return { problem: error.message };
    throw error;
  }
}

function evaluate(tree: Expression, operands: Operands): number[] {
  switch (tree.kind) {
    case "number":
      if (!operands.literal(tree.value))
        throw new OperandProblem(`${tree.text} does not stand in the evidence.`);
      return [tree.value];
    case "reference": {
      const values = operands.reference(tree.name);
      if (!values) throw new OperandProblem(`The evidence has no "${tree.name}".`);
      return values;
    }
    case "negate":
      return [-scalar(evaluate(tree.of, operands))];
    case "binary":
      return [
        binary(tree.operator, scalar(evaluate(tree.left, operands)), scalar(evaluate(tree.right, operands))),
      ];
    default:
      return [call(tree.name, tree.args.map((arg) => evaluate(arg, operands)))]; // prettier-ignore
  }
}

function scalar(values: number[]): number {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0)
    throw new OperandProblem("A column stands where one value is needed.");
  return value;
}

function binary(operator: "+" | "-" | "*" | "/", left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  return operator === "*" ? left * right : left / right;
}

function call(name: FunctionName, args: number[][]): number {
  const values = args.flat();
  if (name === "count") return values.length;
  if (values.length === 0) throw new OperandProblem("A function has nothing to work on.");
  const total = values.reduce((sum, value) => sum + value, 0);
  switch (name) {
    case "sum":
      return total;
    case "avg":
    case "mean":
      return total / values.length;
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "abs":
      return Math.abs(scalar(values));
    default:
      return round(args);
  }
}

/** `round(x)` or `round(x, digits)`. */
function round(args: number[][]): number {
  const value = scalar(args[0] ?? []);
  const factor = 10 ** scalar(args[1] ?? [0]);
  return Math.round(value * factor) / factor;
}
