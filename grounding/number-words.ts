/** Numbers written as words in documents ("within thirty days"), so that an answer may say "30 days". */

const UNITS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const WORD = new RegExp(
  String.raw`\b(?:(${TENS.filter(Boolean).join("|")})(?:[- ](${UNITS.slice(1, 10).join("|")}))?|(${UNITS.join("|")}))(?:[- ](hundred|thousand|million))?\b`,
  "gi",
);

const FACTORS: Record<string, number> = { hundred: 100, thousand: 1_000, million: 1_000_000 };

export interface NumberWord {
  start: number;
  end: number;
  value: number;
}

/** Whole numbers in words, in order; "one" and "two hundred" included, fractions not. */
export function numberWords(text: string): NumberWord[] {
  return [...text.matchAll(WORD)].map((match) => {
    const [all, tens, unit, small, factor] = match;
    const base =
      tens === undefined
        ? UNITS.indexOf((small ?? "").toLowerCase())
        : TENS.indexOf(tens.toLowerCase()) * 10 + Math.max(0, UNITS.indexOf((unit ?? "").toLowerCase()));
    const value = base * (FACTORS[(factor ?? "").toLowerCase()] ?? 1);
    return { start: match.index, end: match.index + all.length, value };
  });
}
