/** Whether two stems are forms or misspellings of one word: `insur` and `insuranc`, `custmer` and `customer`. */

const SHORTEST = 5;
const SHORTEST_MISSPELT = 6;

export function isAkin(stem: string, other: string): boolean {
  const [short, long] = stem.length <= other.length ? [stem, other] : [other, stem];
  if (short.length < SHORTEST) return false;
  if (long.startsWith(short)) return true;
  return short.length >= SHORTEST_MISSPELT && short[0] === long[0] && isOneSlip(short, long);
}

/** One letter more, other than it should be, or two in the wrong order. */
export function isOneSlip(short: string, long: string): boolean {
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = long.slice(at + 1);
  if (long.length > short.length) return short.slice(at) === rest;
  if (short.slice(at + 1) === rest) return true;
  return (
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  );
}
