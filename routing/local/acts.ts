/** Recognises orders to do something in the world: "cancel the order", "mail that to the team". Backends look things up. */
import type { Card } from "../cards.ts";
import { FUNCTION_WORDS } from "../text/vocabulary.ts";
import { stem, wordsOf } from "../text/words.ts";
import { changesView } from "./views.ts";

const alternatives = (words: string): string => words.trim().split(/\s+/).join("|");

/** What follows them is done, whatever it is. */
const ACTS = alternatives(`
  send mail email e-mail forward notify message text phone ring ping invite remind tell ask post publish share
  upload print buy purchase pay charge refund reimburse transfer wire deposit withdraw cancel terminate delete remove
  erase wipe close reopen approve reject decline sign update change edit rename set adjust raise lower bump increase
  reduce grant revoke reset restart reboot deploy install move merge migrate add enter register mark log issue credit
  upgrade downgrade extend renew activate deactivate enable disable block unblock lock unlock freeze restore replace
  reschedule postpone pause confirm submit order reorder book rebook reserve schedule hire fire promote enrol enroll
  subscribe unsubscribe tag escalate kick turn switch shut stop launch ship deliver hand clean fix repair archive swap
  waive convert file record assign excuse discharge scrap undo kill`);

/** What follows them is made: only some things are. */
const MAKES = alternatives(
  "write draft compose create make build design generate prepare produce set book schedule arrange organise organize",
);
const MADE = alternatives(`
  e-?mails? mails? letters? messages? posts? tweets? newsletters? blogs? slides? decks? presentations? logos? banners?
  scripts? code programs? functions? poems? tickets? invoices? meetings? calls? appointments? events? invitations?
  invites? reminders? logins? records? websites? contracts? quotes? orders? tasks? songs? stor(?:y|ies) speech(?:es)?
  flyers? videos? jobs? users? folders? channels?`);

/** What an act is done to: something in particular, or somebody by name. */
const PARTICULAR =
  /^(?:an?|the|this|that|these|those|my|our|your|their|his|her|its|it|them|him|every(?:one|body)?|all|both|each|another|me|two|three|four|five|\d+)$/iu;
/** Capitals alone are a measure more often than a name: `record MRR per month`. */
const NAMED = /^\p{Lu}(?!\p{Lu}+$)/u;
/** Who asks to be sent something wants to see it. */
const TO_ASKER = "(?:to |with |for |over )?(?:me|us)\\b|(?:out|up) (?:the|all|every|which|how)\\b";

const POLITE =
  "(?:(?:please|pls|plz|kindly|just|now|then|also|and|so|ok(?:ay)?|great|perfect|thanks|right|well|hey|hi|yes|fine)[,.!]?\\s+|(?:can|could|will|would) (?:you|u|someone|somebody)(?: please| kindly| just)? |(?:i|we)(?:'d| would)? (?:need|want|like) you to |would you (?:mind |kindly )|go ahead and |go and |make sure to |be so (?:kind|good) (?:and |as to )|let's )*";
/** An order stands at the beginning, or after a reason: `The customer phoned: cancel it`. */
const BEGIN = `(?:^|[.:;!?]\\s+|[–—-]\\s+|,\\s+(?:(?:so|and|then)\\s+|(?=please)))${POLITE}`;

const ACT = new RegExp(
  `${BEGIN}(?<verb>${ACTS})\\s+(?!${TO_ASKER})(?<object>[\\p{L}\\p{N}&'-]+)(?: (?<number>\\d+)\\b)?`,
  "iu",
);
const MAKE = new RegExp(
  `${BEGIN}(?<verb>${MAKES})\\s+(?:me |us )?(?:up |out |together )?(?:(?!(?:of|on|by|per|about|with|from|that|who|which)\\s)\\S+\\s+){0,4}?(?<made>${MADE})(?![\\p{L}\\p{N}])`,
  "iu",
);

/** Whether the text orders something that no backend says it does; `cards`: those that may be asked. */
export function isAct(text: string, cards: readonly Card[]): boolean {
  const verb = actIn(text);
  if (verb !== undefined) return !cards.some((card) => does(card, stem(verb.toLowerCase())));
  const made = MAKE.exec(text)?.groups?.["made"];
  return made !== undefined && !cards.some((card) => makes(card, stem(made.toLowerCase())));
}

function actIn(text: string): string | undefined {
  const found = ACT.exec(text);
  const { verb, object = "", number } = found?.groups ?? {};
  if (found === null || verb === undefined) return undefined;
  const particular = number !== undefined || PARTICULAR.test(object) || NAMED.test(object);
  return particular && !changesView(text.slice(found.index + found[0].indexOf(verb))) ? verb : undefined;
}

/** It is asked so, or a part of its description begins with that verb: `Creates tickets and sends reminders.` */
function does(card: Card, verb: string): boolean {
  if (card.examples.some(({ text }) => stem(actIn(text)?.toLowerCase() ?? "") === verb)) return true;
  return card.phrases.some((phrase) => {
    const [first, second] = wordsOf(phrase);
    const orders = first?.stem === verb && first.lower.endsWith("s");
    return (
      orders && second !== undefined && (DETERMINER.test(second.lower) || !FUNCTION_WORDS.has(second.lower))
    );
  });
}

const DETERMINER = /^(?:an?|the|your|our|their)$/u;

function makes(card: Card, made: string): boolean {
  if (card.examples.some(({ text }) => stem(MAKE.exec(text)?.groups?.["made"]?.toLowerCase() ?? "") === made))
    return true;
  return card.phrases.some((phrase) => wordsOf(phrase).some((word) => word.stem === made));
}
