/** Recognises talk that needs no backend, learned from examples: greetings, thanks, questions about the assistant. */
import type { Card } from "./cards.ts";
import { trainClassifier } from "./classifier/train.ts";
import { TALK_EXAMPLES } from "./talk-examples.ts";
import { isAkin } from "./text/akin.ts";
import { contentWords } from "./text/content.ts";
import { wordsOf } from "./text/words.ts";

/** `pointing`: the text points at something said before, which talk seldom does. */
export type IsTalk = (text: string, pointing: boolean) => boolean;

const TALK = "talk";
/** So many questions tell talk from the rest; more only cost time at the start. */
const ENOUGH = 600;
const LIKELY = 0.5;
/** From here on only what a backend is about speaks against talk, not any word of an example. */
const SURE = 0.95;

/** `questions`: what talk has to be told from. */
export function createTalk(cards: readonly Card[], questions: readonly string[]): IsTalk {
  const every = Math.ceil(questions.length / ENOUGH);
  const told = questions.filter((_, index) => index % every === 0);
  const weight = Math.min(1, (1.5 * TALK_EXAMPLES.length) / told.length);
  const classifier = trainClassifier(
    [
      ...TALK_EXAMPLES.map((text) => ({ label: TALK, text })),
      ...told.map((text) => ({ label: "question", text, weight })),
    ],
    { folds: 0 },
  );
  const chatty = new Set(TALK_EXAMPLES.flatMap(contentWords).map((word) => word.stem));
  const speaksOf = (text: string, known: (card: Card) => ReadonlySet<string>): boolean =>
    contentWords(text).some(({ stem }) => !chatty.has(stem) && cards.some((card) => known(card).has(stem)));
  const used = new Map(
    cards.map((card) => [card, new Set([...card.stems.keys()].filter((stem) => !card.chance.has(stem)))]),
  );
  const words = new Set(TALK_EXAMPLES.flatMap(wordsOf).map(({ stem }) => stem));
  return (text, pointing) => {
    if (!isSpoken(text, words)) return false;
    const likely = classifier.predict(text).find(({ label }) => label === TALK)!.probability;
    if (likely < (pointing ? SURE : LIKELY)) return false;
    return !speaksOf(text, (card) => (likely < SURE ? used.get(card)! : card.subjects));
  };
}

/** Half of its words are heard in talk: of other languages and of mere strings the classifier only guesses. */
function isSpoken(text: string, known: ReadonlySet<string>): boolean {
  const words = wordsOf(text).filter(({ lower }) => !/^\p{N}+$/u.test(lower));
  if (words.length === 0) return /\p{Extended_Pictographic}/u.test(text) && !/\p{N}/u.test(text);
  const heard = words.filter(({ stem }) => known.has(stem) || [...known].some((word) => isAkin(stem, word)));
  return heard.length * 2 >= words.length;
}
