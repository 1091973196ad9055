/** Linguistic cues of the local planner, as data. They know English, nothing about any backend. */

const anyOf = (...alternatives: string[]): string => `(?:${alternatives.join("|")})`;
const lead = (source: string): RegExp => new RegExp(`^(?:${source})(?![\\p{L}\\p{N}])[,:;]?\\s*`, "iu");

/** The clause needs what came before it. */
export const THEN = lead(
  anyOf(
    "(?:and )?(?:then|afterwards|after that|after this|subsequently|finally|lastly|next(?=,))",
    "(?:and )?(?:based on|building on|given|using|with|from) (?:that|this|it|those|these)(?: (?:list|result|results|answer))?(?=,)",
  ),
);

/** The clause stands beside what came before it. */
export const BESIDE = lead(
  anyOf(
    "also",
    "additionally",
    "in addition",
    "besides",
    "alongside (?:that|this|it|these|those)?",
    "as a (?:separate|different|second|further) (?:point|matter|question|thing|item)",
    "separately",
    "moreover",
    "furthermore",
    "plus",
    "apart from that",
    "other than that",
    "on (?:a|an) (?:different|another|other|separate|unrelated) (?:note|topic|matter|subject)",
    "(?:different|another|other|new|unrelated) (?:topic|question|subject|thing|matter)",
    "independent(?:ly)?(?: of (?:that|this|it))?",
    "unrelated(?:ly)?(?: to (?:that|this|it))?",
    "by the way",
    "meanwhile",
    "in parallel",
    "at the same time",
  ),
);

/** Words that only tie clauses together, and politeness before the question proper. */
export const GLUE = lead(
  anyOf(
    "and",
    "but",
    "or",
    "so",
    "as well as",
    "both",
    "first(?:ly)?",
    "second(?:ly)?",
    "third(?:ly)?",
    "now",
  ),
);
export const POLITE = lead(
  anyOf(
    "please",
    "pls",
    "ok(?:ay)?",
    "great",
    "good",
    "thanks",
    "thank you",
    "cool",
    "right",
    "well",
    "hey",
    "hi",
    "hello",
    "(?:can|could|would|will) you(?: please)?(?= \\p{L})",
    "i(?:'d| would) like (?:you )?to (?:know|see)",
    "i(?: want|'d like| would like| need) to (?:know|see)",
    "(?:tell me|say)(?= (?:what|who|which|how|why|when|where|if|whether)\\b)",
    "remind me (?:of|about)(?= (?:the|our|what|which|how)\\b)",
  ),
);

/** Beginnings of a whole clause: a question, or an order. */
export const ASKS = new RegExp(
  `^${anyOf(
    "(?:at|in|for|on|under|within|from|by|to|since|until|with|after|of) (?:what|when|which|how|whom|whose)",
    "what(?:'?s)?",
    "which",
    "who(?:'?s|se|m)?",
    "when",
    "where",
    "why",
    "how",
    "is",
    "are",
    "was",
    "were",
    "do",
    "does",
    "did",
    "can",
    "could",
    "should",
    "would",
    "will",
    "may",
    "must",
    "has",
    "have",
  )}(?![\\p{L}\\p{N}])`,
  "iu",
);
export const ORDERS = new RegExp(
  `^${anyOf(
    "show|give|tell|list|find|display|name|explain|describe|summari[sz]e|outline|report|state|present|provide",
    "take|make|draw|build|prepare|write|produce|compile|create|put|bring|fetch|pull|get|look|check|walk|start|begin",
    "identify|determine|compute|calculate|count|sum|quantify|estimate|predict|forecast|score|rank|sort|rate|assess",
    "compare|analy[sz]e|review|evaluate|pick|choose|select|recommend|suggest|propose|plan|draft|design|schedule",
    "attach|add|include|apply|assign|send|notify|remind|let|help|search|collect|break|split|group|filter|use|suggest",
  )}(?![\\p{L}\\p{N}])`,
  "iu",
);

/** A fragment that begins like this belongs to the one before it. */
export const CONTINUES = new RegExp(
  `^${anyOf(
    "with|without|for|by|in|from|per|including|considering|at|to|of|on|as|that|because|if|while|during|since|between",
    "such|e\\.g\\.?|i\\.e\\.?|like|excluding|except|ordered|sorted|grouped|broken|compared|not|only|over|within|under",
    "than|until|according to|where (?:the|they)|(?:which|who) (?:is|are|was|were|has|have|had|will|would|we)\\b",
  )}(?![\\p{L}\\p{N}])`,
  "iu",
);

/** Talk around the question: who asks and what for. */
export const PREAMBLE = new RegExp(
  `^${anyOf(
    "(?:\\p{L}+ ){1,3}(?:asking|here|speaking)|i(?:'m| am|'ve| have| need| want| was| got| would)|we(?:'re| are| need| have| want)|my |our \\p{L}+ \\p{L}+ (?:is|are)",
    "for (?:the|my|our|a|an) [\\p{L} -]+$|(?:\\p{L}+ )?(?:\\d+|two|three|four|five) (?:\\p{L}+ )?(?:questions|things)",
    "all in one go|quick question|question|need (?:it|this|that)|it(?:'s| is) for|this is for|here(?:'s| is)",
  )}`,
  "iu",
);

/** Nothing but the wish for reasons. */
export const BARE_WHY =
  /^(?:(?:and )?(?:say |explain |tell me )?why(?: (?:is|are|do|does|so|that|this|they|them|it)\b.{0,12})?|for what reasons?|what are the reasons)\s*[?.!]*$/iu;

/** Asks for what to do, not for what is. */
export const DECIDES = new RegExp(
  anyOf(
    "\\bwhat (?:\\p{L}+ ){0,3}(?:should|shall|would|could|can|do|must) (?:we|i|you|they|one) (?:do|take|offer|schedule|plan|propose)\\b",
    "\\bwhat to do\\b|\\bwhat (?:can|could|should|must|has to) be done\\b",
    "\\b(?:actions?|measures|next steps|action plans?|plans?|offers?|interventions?|countermeasures|remed(?:y|ies))\\b",
    "\\bhow (?:should|can|do|could) we (?:keep|save|win|retain|prevent|avoid|react|respond|help|fix)\\b",
    "\\bwhat do you (?:recommend|suggest|propose|advise)\\b",
  ),
  "iu",
);

/** `according to our playbook`: the rest of the clause names where guidance comes from. */
export const ACCORDING_TO =
  /\b(?:according to|as per|in line with|in accordance with|following|as (?:described|defined|prescribed|required) (?:in|by)|based on|under|per|by the rules of|compliant with|consistent with)\s+(?=(?:the|our|your|its|company|internal)\b)/iu;

/** A clause that only sets the scene: `for the ten largest accounts, ...`, `take the customers that ...`. */
export const FRAMES =
  /^(?:for|among|amongst|of|out of|regarding|concerning|considering|with regard to|looking at|look at|take|taking|start(?:ing)? (?:from|with)|given|across|within)\b/iu;

/** `According to our playbook, what ...`: the source stands in front and is moved behind. */
export const LEADING_SOURCE =
  /(^|[.?!]\s+)((?:according to|as per|in line with|following|based on|under|per)\s+(?:the|our|your|its|company|internal)\s[^,.?!]+),\s+([^.?!]+)/giu;
