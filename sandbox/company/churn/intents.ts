/** What a question to the churn model is after, by its words. */

export type Intent = "what-if" | "other" | "model" | "drivers" | "totals" | "ranking";

const CHURN =
  /churn|risk|leav|left|cancel|attrition|likel|predict|forecast|probab|scor|retain|retention|los[es]|losing|defect|health|driver|model|save|danger|stay|brink|walk(?:ing)? away|jeopardy|shaky|foot out|algorithm|say(?:ing)? no|wobbl/i;
const OTHER_FIGURE =
  /\b(?:mrr|arr|revenue|tickets?|invoices?|usage|csat|seats|polic\w+|playbook|discounts?|prices?|plan for)\b/i;
const WHAT_IF = /\bwhat if\b|\bwould happen\b|\bif we (?:gave|give|offer|rais|lower|cut)/i;
const MODEL =
  /\b(?:auc|accura\w*|trained|training|precision|reliab\w*|trust|how (?:good|well)|features?|who are you|what can you)\b|\bhow (?:does|do|is|was|are) (?:(?:the|this|your|our) )?(?:churn|model|score|prediction)|\bwhat (?:is|are|kind of|does) (?:(?:the|this|your|our) )?(?:churn )?model/i;
const DRIVERS =
  /\b(?:drivers?|drives?|factors?|causes?|reasons?|predictors?|why do (?:our )?customers|what makes)\b/i;
const ASKS_CUSTOMERS = /\b(?:which|what) (?:\S+ ){0,5}?(?:customers|accounts)\b/i;
const TOTALS =
  /\bhow (?:many|much)\b|\b(?:total|expected|overall|sum|average)\b|\b(?:by|per|across|each) (?:customer )?(?:segment|region|countr|industr|plan|(?:account )?owner)/i;

/** `isScoped`: the question says which customers; `isNamed`: it names them. */
export function intentOf(question: string, isScoped: boolean, isNamed: boolean): Intent {
  if (WHAT_IF.test(question)) return "what-if";
  if (isNamed) return "ranking";
  if (!CHURN.test(question) && !(isScoped && !OTHER_FIGURE.test(question))) return "other";
  if (MODEL.test(question)) return "model";
  if (DRIVERS.test(question) && !ASKS_CUSTOMERS.test(question)) return "drivers";
  return TOTALS.test(question) ? "totals" : "ranking";
}
