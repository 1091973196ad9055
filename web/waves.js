/** Groups a plan's steps into waves: what runs side by side stands together. */

/**
 * @template {{ id: string, depends_on: string[] }} S
 * @param {S[]} steps
 * @returns {S[][]}
 */
export function waves(steps) {
  const byId = new Map(steps.map((step) => [step.id, step]));
  /** @type {Map<string, number>} */
  const levels = new Map();
  /** @param {S} step @param {Set<string>} seen @returns {number} */
  const level = (step, seen) => {
    const known = levels.get(step.id);
    if (known !== undefined || seen.has(step.id)) return known ?? 0;
    const before = step.depends_on.flatMap((id) => byId.get(id) ?? []);
    const value = Math.max(-1, ...before.map((other) => level(other, new Set([...seen, step.id])))) + 1;
    levels.set(step.id, value);
    return value;
  };
  /** @type {S[][]} */
  const groups = [];
  for (const step of steps) (groups[level(step, new Set())] ??= []).push(step);
  return groups.filter(Boolean);
}
