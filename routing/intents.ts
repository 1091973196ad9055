/** What kind of answer a question wants, and which backends give such answers: general cues, as data. */
import type { BackendConfig } from "../config/schema.ts";

export type Intent = "figures" | "rules" | "prediction" | "action";

interface IntentCue {
  intent: Intent;
  /** Wording of questions that want such an answer. */
  asks: RegExp;
  /** Backends of these kinds give it by their nature. */
  kinds: readonly BackendConfig["kind"][];
  /** Others give it when they describe themselves so. */
  describes: RegExp;
}

const CUES: readonly IntentCue[] = [
  {
    intent: "figures",
    asks: anyOf(
      "how (?:many|much)|number of|# of|counts?|total|sum|average|avg|mean|median|percentage|share of|ratio|\\p{L}+ rates?",
      "(?:has|have) (?:our|the|we) (?:[\\p{L}'-]+ ){0,4}(?:come|gone|been|changed|grown|fallen|risen|increased|decreased|dropped|improved)|since (?:the|last)",
      "(?:do|does|did|is|are) (?:[\\p{L}'-]+ ){0,4}(?:pay|paying|owe|owing|spend|spending)|(?:pays?|owes?|spends?) us",
      "trends?|growth|grew|develop(?:ed)?|breakdown|break down|distribution|compared? (?:to|with)|year over year",
      "(?:per|by|over|on|each) (?:month|quarter|year|week|day|region|country|segment|plan|industry|category|type|status)",
      "top \\d+|bottom \\d+|(?:biggest|largest|highest|lowest|smallest|most|fewest|least|longest|oldest|newest|greatest) \\p{L}+|list|show",
      "(?:last|past|previous|this|since|in) (?:\\d+ )?(?:months?|quarters?|years?|weeks?|20\\d\\d|q[1-4])|so far|to date",
      "(?:renew(?:s|als?|ing)?|expir(?:es?|ing)|due) (?:in|next|this|before|by|over|within|during)",
      "(?:in|since|until|during) (?:january|february|march|april|may|june|july|august|september|october|november|december)",
    ),
    kinds: ["genie", "sql"],
    describes: /\b(?:tables?|figures|numbers|metrics|sql|warehouse|measures|statistics|counts)\b/iu,
  },
  {
    intent: "rules",
    asks: anyOf(
      "polic(?:y|ies)|rules?|procedures?|process|guidelines?|guide|handbook|manual|checklist|playbooks?|terms|agenda",
      "do we (?:offer|allow|provide|grant|accept|give|support|charge)|(?:what|which) should (?:be|a|an)|who (?:do|should|must) (?:i|we|you) (?:call|contact|inform|ask|notify)",
      "allowed?|permitted|permits?|entitled|eligible|required?|requires?|supposed to|obliged|notice period|notice",
      "approv(?:es?|al|als|ed)|sign off|signs off|promised?|promises|guarantees?|commit to|belongs? (?:to|on|in)",
      "(?:may|must) (?:i|we|one|you|they|it|a|an|the|our|customers?|\\p{L}+s)|has to|have to|how (?:fast|quickly|soon|often) (?:must|should|do we)",
      "(?:what|how) (?:does|do) (?:our|the) [\\p{L} ]+ (?:says?|state|advise|recommend|prescribe|promise|require|suggest|define)",
      "what happens (?:when|if|after)|how (?:is|are) [\\p{L} ]+ (?:defined|handled|calculated|decided)|how do (?:we|i) (?:handle|deal|treat|process|report|request)",
      "(?:what|how) (?:should|must) (?:a|an|the|our|\\p{L}+s) (?:\\p{L}+ )?(?:say|do|tell|answer|react|handle)",
      "(?:when|if|once) (?:a|an|the|our|somebody|someone) (?:\\p{L}+ ){0,3}?(?:is|are|has|have|gets?|wants?|asks?|needs?|leaves?|brings?|threatens?)",
      "how long (?:do|may|must|should|can) (?:we|i|they)|under (?:which|what) (?:conditions|circumstances)|(?:what|which) (?:steps|plays?|phases)|according to|can (?:a|an|i|one) \\p{L}+",
    ),
    kinds: ["knowledge_assistant"],
    describes:
      /\b(?:polic(?:y|ies)|documents?|handbooks?|manuals?|procedures?|playbooks? says?|guides?|wiki|knowledge base)\b/iu,
  },
  {
    intent: "prediction",
    asks: anyOf(
      "predict\\p{L}*|forecast\\p{L}*|scor(?:e|es|ed|ing)|probabilit(?:y|ies)|likel(?:y|ier|iest|ihood)|chances?|odds|propensity",
      "risk(?:s|y|iest|ier)?|at-risk|in danger|endangered|outlook|expected (?:to|number|share|rate)|drivers?|factors?|signals?|predictors?",
      "(?:will|going to|about to|might|may|could|would) (?:\\p{L}+ ){0,3}(?:leave|cancel|churn|quit|default|fail|buy|convert|renew|stay|lose)",
      "auc|accura(?:te|cy)|trust the (?:model|predictions?)",
    ),
    kinds: [],
    describes:
      /\b(?:predicts?|predictions?|predictive|forecasts?|scores?|probabilit(?:y|ies)|likely|likelihood|propensity|risk model|model that)\b/iu,
  },
  {
    intent: "action",
    asks: anyOf(
      "actions?|(?:costed|priced|tailored|detailed|prioriti[sz]ed|retention|save|recovery|outreach|rescue|mitigation|response) (?:plans?|packages?|offers?|actions?|campaign)|plans? (?:for|to)",
      "next (?:best )?steps?|next best|best move|measures (?:to|for|do|should)|countermeasures|to-do|todo|worth (?:it|fighting|saving)",
      "what (?:can|could|should|must|has to) be done|what (?:should|can|could|would|shall|do|must) (?:we|i|you) (?:do|take|offer|propose|schedule)|what to do|how (?:do|can|should|could) we (?:save|keep|retain|win|turn|react|prevent|stop)",
      "(?:best|right|save|retention|rescue) (?:plays?|moves?|offers?)",
      "(?:would|could|we'd|will|can|to be) (?:be |they |it |that |we )?(?:saved?|rescued?|retain(?:ed)?|hold on to|kept)",
      "(?:recommend|propose|suggest|prepare|draft|draw up|put together|schedule|assign|work out) \\p{L}+",
    ),
    kinds: [],
    describes:
      /\b(?:action plans?|plans?|actions|next steps|recommends?|proposes?|drafts?|prepares?|interventions?)\b/iu,
  },
];

function anyOf(...alternatives: string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}

/** What the backend's kind and description promise. */
export function intentsOf(config: BackendConfig): ReadonlySet<Intent> {
  const found = CUES.filter(
    (cue) => cue.kinds.includes(config.kind) || cue.describes.test(config.description),
  );
  // Tables and documents answer as such, whatever else their description mentions.
  const own = found.find((cue) => cue.kinds.includes(config.kind));
  return new Set(own === undefined ? found.map((cue) => cue.intent) : [own.intent]);
}

/** What the question asks for; empty when its wording does not tell. */
export function intentsIn(text: string): Intent[] {
  const found = CUES.filter((cue) => cue.asks.test(text)).map((cue) => cue.intent);
  // `how many days do we have to answer`: what has to be is a rule, be it counted or not.
  return found.includes("rules") && OBLIGES.test(text)
    ? found.filter((intent) => intent !== "figures")
    : found;
}

const OBLIGES =
  /\b(?:have to|has to|need to|needs to|must|allowed|required|entitled|supposed to|permitted|obliged)\b/iu;

const DOCUMENT =
  "(?:polic(?:y|ies)|playbooks?|handbooks?|guidelines?|guides?|manuals?|procedures?|rulebooks?|agreements?|documentation|documents?)";
const NAMED = anyOf(DOCUMENT);
const CONSULTED = anyOf(
  `(?:check|look up|look into|look in|consult|read|search|see|refer to|summari[sz]e|explain|quote) (?:[\\p{L}'-]+ ){0,4}${DOCUMENT}`,
  `${DOCUMENT} (?:\\p{L}+ ){0,2}(?:says?|states?|advises?|recommends?|prescribes?|allows?|requires?|defines?|covers?|suggests?)`,
  `(?:in|from) (?:the|our) (?:[\\p{L}'-]+ ){0,3}${DOCUMENT}`,
);

/** `consulted`: a document is to be looked into; `named`: one is named, and nothing is to be done by it. */
export function documentsIn(text: string): "none" | "named" | "consulted" {
  if (CONSULTED.test(text)) return "consulted";
  return NAMED.test(text) && !intentsIn(text).includes("action") ? "named" : "none";
}
