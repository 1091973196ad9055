/** Phrases that say more than their words, as data: general English, nothing about any backend. */

/** Pattern source, and the plain word for it. */
const IDIOMS: readonly (readonly [string, string])[] = [
  [
    "(?:jump(?:s|ed|ing)? ship|walk(?:s|ed|ing)? (?:away|out)|(?:go|goes|going|gone|went) (?:away|elsewhere)|part(?:s|ed|ing)? ways|call(?:s|ed|ing)? it quits|(?:turn|turns|turned|turning) (?:their|its) backs?(?: on us)?|(?:back|backs|backed|drop|drops|dropped) out|out (?:of )?the door|wants? out|(?:pull|pulls|pulled) the plug|(?:move|moves|moved|switch|switches|switched) (?:away|to (?:a|another|the) (?:competitor|vendor|provider|rival)))",
    "leave",
  ],
  ["(?:hold|hang)(?:s|ing)? on to|keep(?:s|ing)? on board|talk(?:s|ing)? \\p{L}+ into staying", "keep"],
  ["(?:fear(?: for)?|on the brink|in trouble|shaky ground|hang(?:s|ing)? by a thread)", "risk"],
  [
    "(?:past (?:due|(?:its|their|the) due dates?)|behind (?:on|with) (?:\\p{L}+ )?payments?|in arrears|(?:not|n't|yet to) (?:yet )?(?:been )?(?:paid|pay|settled|settle)|(?:hasn't|haven't|has not|have not) (?:yet )?(?:been )?(?:paid|settled))",
    "overdue",
  ],
  ["(?:money|cash) back", "refund"],
  [
    "(?:\\d+ ?(?:%|per ?cent) off|price cut|knock(?:s|ed|ing)? off|(?:come|go) down (?:in|on|with the) price)",
    "discount",
  ],
  ["(?:sign(?:s|ed|ing)? off|green light|go-ahead|give (?:the|their|its) (?:ok|blessing))", "approve"],
  [
    "(?:look(?:s|ed|ing)? after|take(?:s)? care of|in charge of|responsible for|whose (?=account|customer|client))",
    "owner",
  ],
  ["(?:sign(?:s|ed|ing)? ups?|signups?|come(?:s)? on board|came on board)", "new customer"],
  ["(?:log(?:s|ged|ging)? in|log-?ins?)", "usage"],
  ["(?:write|writes|wrote|written|writing)[ -]offs?", "written-off"],
  ["(?:reach|reaches|reached|reaching) out to|get(?:s)? in touch with", "call"],
  ["(?:get|gets|getting|got) back to", "respond"],
  ["(?:bring(?:s)? in|money (?:in|from))", "revenue"],
];

const COMPILED = IDIOMS.map(([source, plain]) => ({
  pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, "giu"),
  plain,
}));

/** The text in plain words. */
export function withoutIdioms(text: string): string {
  return COMPILED.reduce((said, { pattern, plain }) => said.replace(pattern, plain), text);
}
