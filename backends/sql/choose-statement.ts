/** The configured statement whose words fit the question best. */
import type { BackendConfigOf } from "../../config/schema.ts";

export type SqlStatement = BackendConfigOf<"sql">["statements"][number];

const SMALL_WORDS = new Set("the and for with what which how are was were that this from per our all who has have of in on to is a an by do does".split(" ")); // prettier-ignore

/** The first one wins a tie, so the configuration's order is the preference. */
export function chooseStatement(question: string, statements: SqlStatement[]): SqlStatement | undefined {
  const asked = words(question);
  let best = statements[0];
  let most = -1;
  for (const statement of statements) {
    const own = words(`${statement.name.replaceAll("_", " ")} ${statement.description}`);
    const shared = [...own].filter((word) => asked.has(word)).length;
    const score = shared / Math.sqrt(own.size || 1);
    if (score > most) [best, most] = [statement, score];
  }
  return best;
}

/** Lower-case words; plurals and verb endings are cut, so that "customers" meets "customer". */
function words(text: string): Set<string> {
  const found = text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  return new Set(found.filter((word) => word.length > 1 && !SMALL_WORDS.has(word)).map(stem));
}

function stem(word: string): string {
  const cut = word.replace(/(ies)$/, "y").replace(/(ing|ed|es|s)$/, "");
  return cut.length >= 3 ? cut : word;
}
