/** Whether `typed` is `word` with a letter left out or two letters swapped; other slips too often make another word. */
export function isSlipOf(typed: string, word: string): boolean {
  let at = 0;
  while (at < typed.length && typed[at] === word[at]) at += 1;
  if (typed.length + 1 === word.length) return typed.slice(at) === word.slice(at + 1);
  const isSwapped = typed[at] === word[at + 1] && typed[at + 1] === word[at];
  return (
    typed.length === word.length &&
    at + 1 < typed.length &&
    isSwapped &&
    typed.slice(at + 2) === word.slice(at + 2)
  );
}
