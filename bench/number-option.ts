/** A number from the command line; a word in its place ends the program with a sentence. */

export function numberOption(name: string, given: string): number {
  const number = Number(given);
  if (Number.isFinite(number) && number > 0) return number;
  process.stderr.write(`--${name} is ${given}. Write a number over 0, or --help for what there is.\n`);
  return process.exit(1);
}
