/** The assertion of the stream checker: says which rule was broken. */

export function must(condition: boolean, violation: string): asserts condition {
  if (!condition) throw new Error(`stream: ${violation}`);
}
