/** The small words of questions: what they do in the grammar, and which ones do nothing. */
import type { Months } from "../calendar.ts";
import type { DimensionId } from "../dimensions.ts";
import type { AttributeId, Statistic } from "./measures.ts";

export type Role =
  | { kind: "by" | "not" | "have" | "those" | "how-many" | "which" | "list" | "their" | "combined" | "share" | "also" | "follow-up" | "vague" | "versus" | "money" | "owner-verb" | "when" | "who" | "sum" | "duration" | "across" | "absolute" | "in-total" }
  /** `loose` ones mean something that the grammar had no use for. */
  | { kind: "filler"; loose?: boolean }
  | { kind: "state"; state: "open" | "overdue" }
  | { kind: "grain"; dimension: DimensionId; compare?: "previous" }
  | { kind: "statistic"; statistic: Statistic }
  | { kind: "rate" }
  | { kind: "place"; place: number }
  | { kind: "compare"; against: "previous" | "year"; window?: Months | undefined; falling?: boolean }
  | { kind: "top"; direction: "high" | "low" | "best" | "worst"; comparative?: boolean; by?: AttributeId }
  /** `trails` its number: "two or more". */
  | { kind: "comparator"; op: ">" | ">=" | "<" | "<=" | "="; trails?: boolean; isRange?: boolean }; // prettier-ignore

const list = (role: Role, ...phrases: string[]) => phrases.map((phrase): [string, Role] => [phrase, role]);

const ORDINALS = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
];
const SUPERLATIVES = "biggest largest highest most best lowest smallest worst".split(" ");

/** Words that mean something wherever the grammar has no use for them: what is left of them is named. */
const LOOSE =
  "since before after until during last past previous next ago earlier later latest recent day week hour percent percentage pct paid".split(
    " ",
  );

const FILLER =
  "managed sent send depends depend filed raised submitted break support reported stuck size single than opened signed sold pls plz rn plot graph visualise visualize got right moment a an the of in on at to for from our we us i you it its is are was were be been being do does did done has had can could would should will shall may might must please kindly thanks thank hello hi hey me my and or but as that this these so then there here now also just tell give get know see need want like look help find out up about with within over under into per what whats what's how much many when where who whom whose if any all some each every both currently today overall total totals entire whole number count amount value figure figures data report summary numbers compute calculate run query check determine provide return display table chart sorted ranked order ordered sort rank broken down breakdown split group grouped grouping segmented using based according terms respect regard regarding concerning stand stands standing sit exactly approximately roughly still yet already far go going come coming make made take taken use used high level respectively following named called listed mentioned above below e g i.e etc usd dollar dollars date dates end start beginning period time window customers' current most results result information info details detail detailed question ask asked asking wonder wondering quick quickly briefly short let lets let's have having active existing paying own thing things state actual actually really basically quite very only same well good compared comparison compare against relative s t re ve ll d m vs versus quantity levels column columns row rows in-depth deep dive deeply full complete including include included includes together their them they he she his her those which top best worst not no happen happened happening development evolve evolved evolution looked looking happens across why issue issued evaluating comes came shows often sell bring brings brought gets grow sits stood right-now presently relation related individually separately sure hence please-note kind type types belonging belong belongs served serve serves signs running runs leading lead leads generate generated generates produce contribute contributes company's company-wide wide view overview picture side particular specific certain given via through around colleague boss team board meeting slide deck tomorrow morning afternoon pull fetch list show put add received receive everyone everybody altogether contract contracts customer's there're joined".split(
    " ",
  );

export const GRAMMAR: readonly [string, Role][] = [
  ...list(
    { kind: "by" },
    "by", "for each", "for every single", "in every", "of each", "of every", "within each", "for every", "in each", "each", "every", "broken down by", "split by", "grouped by", "breakdown by", "by each", "according to", "split across", "break down by", "segmented by", "split over", "broken out by", "split out by",
  ),
  ...list({ kind: "rate" }, "per"),
  ...list({ kind: "across" }, "across", "across all", "across the", "across all the", "across all our", "across our", "across all of our"),
  ...list({ kind: "absolute" }, "by how much", "in dollars", "in usd", "in absolute terms", "in absolute numbers"),
  ...list({ kind: "in-total" }, "in total", "in all", "all in all"),
  ...list({ kind: "sum" }, "total of", "the total of", "sum of", "value of", "total value of", "worth of", "amount of", "total amount of", "add up to", "adds up to", "sum up to", "amount to", "worth in total", "come to", "worth"),
  ...list({ kind: "duration" }, "how long", "how quickly", "how fast", "how old", "how many days", "number of days", "how much time", "how long does it take", "how long do", "longer", "quicker", "sooner"),
  ...list({ kind: "not" }, "not", "not in", "excluding", "except", "except for", "other than", "outside", "outside of", "but not", "without", "exclude", "leaving out", "ignoring", "no", "apart from", "non", "aside from", "lacking", "lack", "lacks", "don t", "doesn t", "didn t", "isn t", "aren t", "never", "neither", "nor"),
  ...list({ kind: "have" }, "with", "have", "has", "having", "that have", "who have", "which have", "had", "with any", "have any", "with at all"),
  ...list({ kind: "those" }, "which one", "those customers", "these customers", "those accounts", "these accounts", "them", "those", "these", "the above", "the same customers", "said customers", "named above", "listed above", "mentioned above", "customers above", "above customers", "each of them", "they", "this customer", "that customer", "this account", "that account"),
  ...list({ kind: "how-many" }, "how many", "number of", "count of", "how many of", "count the", "count", "what number of", "what is the number of", "the number of", "total number of", "the total number of", "what is the total number of", "what s the number of", "headcount of"),
  ...list({ kind: "which" }, "which", "what", "whose", "in which"),
  ...list({ kind: "who" }, "who"),
  ...list({ kind: "list" }, "list", "show", "name", "give me", "show me", "list all", "display", "find", "identify", "who are", "get me", "enumerate", "names of"),
  ...list({ kind: "state", state: "open" }, "open", "unresolved", "unsolved", "not closed", "not yet closed", "not resolved", "not yet resolved", "not solved"),
  ...list({ kind: "state", state: "overdue" }, "overdue", "unpaid", "outstanding", "late", "past due", "past their due date", "past its due date", "past the due date"),
  ...list({ kind: "when" }, "when", "since when", "on which date", "what date"),
  ...list({ kind: "their" }, "their", "its", "his", "her"),
  ...list({ kind: "combined" }, "combined", "together", "in sum", "altogether", "taken together", "in aggregate"),
  ...list({ kind: "share" }, "share", "how much of", "in percent", "as a percentage", "as percentage", "as a percent", "what percent", "what percentage", "percentage", "how many percent", "ratio of", "relative share", "share of", "percentage of", "proportion of", "proportion", "what percentage of", "what share of", "fraction of", "percent of", "contribution", "mix", "portion", "portion of", "slice of", "part of"),
  ...list({ kind: "also" }, "also", "as well", "in addition", "additionally", "too"),
  ...list({ kind: "follow-up" }, "and", "what about", "how about", "only", "just", "now", "same for", "the same for", "the same", "same", "instead", "break that down", "break it down", "break this down", "split that", "split it", "that", "again", "ok", "okay", "then", "now only", "restrict to", "limit to", "filter to", "narrow down to", "drill down", "sort by", "exclude", "include"),
  ...list({ kind: "vague" }, "how are we doing", "how are things", "how is it going", "how's business", "how is business", "performance",  "kpi", "metrics", "key figures", "statistics", "stats", "dashboard", "situation", "health", "status report", "business update", "update", "overview", "how did we do", "how do we look", "doing", "state of the business", "perform", "performing", "performed", "analysis", "insights", "success", "successful", "important", "biggest problem", "problem", "wrong", "story"),
  ...list({ kind: "statistic", statistic: "average" }, "average", "mean", "avg", "on average", "averaged"),
  ...list({ kind: "statistic", statistic: "median" }, "median", "typical", "typically"),
  ...list({ kind: "versus" }, "versus", "vs", "compared to", "compared with", "against", "relative to", "compare", "comparison", "difference between", "difference", "differ", "compare to"),
  ...list({ kind: "grain", dimension: "month" }, "monthly", "month by month", "by month", "per month", "a month", "each month", "every month", "over time", "trend", "over the months", "development", "for each month", "time series", "history", "evolve", "evolved", "evolution", "developed", "broken down by month", "across months"),
  ...list({ kind: "grain", dimension: "month", compare: "previous" }, "month over month", "month on month", "mom", "from month to month", "month to month"),
  ...list({ kind: "grain", dimension: "quarter", compare: "previous" }, "quarter over quarter", "quarter on quarter", "qoq", "from quarter to quarter"),
  ...list({ kind: "grain", dimension: "quarter" }, "quarterly", "quarter by quarter", "by quarter", "per quarter", "each quarter", "every quarter", "for each quarter", "across quarters"),
  ...list({ kind: "grain", dimension: "year" }, "yearly", "annually", "by year", "per year", "each year", "year by year", "every year"),
  ...list({ kind: "compare", against: "previous" }, "growth", "grow", "grew", "grown", "change", "changed", "change in", "increase", "increased", "decrease", "compared to the previous period", "versus previous period", "compared with the previous period", "vs previous period", "against the previous period", "previous period", "compared to the period before", "than before", "develop", "growth rate", "delta", "compared to before", "go up", "gone up", "improve", "improved", "grows", "rise", "rose", "risen"),
  ...list({ kind: "compare", against: "previous", falling: true }, "worsen", "worsened", "come down", "came down", "shrank", "shrunk", "shrink", "fell", "fallen", "dropped", "declined", "decline", "decreased", "go down", "gone down", "went down"),
  ...list({ kind: "compare", against: "year" }, "year over year", "yoy", "year on year", "compared to last year", "compared with last year", "versus last year", "vs last year", "against last year", "than last year", "compared to a year ago", "compared with a year ago", "compared to a year earlier", "versus a year ago", "compared to the same period last year", "compared to the same quarter last year", "than a year ago", "vs a year ago", "annual growth", "vs the same period last year"),
  ...list({ kind: "top", direction: "high" }, "top", "highest", "most", "largest", "biggest", "greatest", "maximum", "max", "leading", "strongest", "major", "longest", "heaviest", "high", "descending", "steepest", "sharpest", "main", "first"),
  ...list({ kind: "top", direction: "low" }, "bottom", "lowest", "fewest", "least", "smallest", "minimum", "min", "weakest", "low", "poor", "shortest", "ascending"),
  ...list({ kind: "top", direction: "best" }, "best", "happiest", "healthiest", "fastest", "quickest"),
  ...list({ kind: "top", direction: "worst" }, "worst", "poorest", "unhappiest", "slowest"),
  ...list({ kind: "top", direction: "high", comparative: true }, "more", "higher", "bigger", "larger", "greater", "better"),
  ...list({ kind: "top", direction: "low", comparative: true }, "fewer", "less", "lower", "smaller"),
  ...list({ kind: "top", direction: "low", by: "signup_date" }, "oldest", "longest standing", "longest serving", "longest tenured", "most loyal", "earliest", "with us the longest", "with us longest", "longest with us"),
  ...list({ kind: "top", direction: "high", by: "signup_date" }, "newest", "youngest", "latest", "most recent", "most recently"),
  ...list({ kind: "top", direction: "low", by: "renewal_date" }, "renew first", "renews first", "renew next", "renews next", "renew soonest", "renews soonest", "renews earliest", "up for renewal first", "up for renewal next"),
  ...list({ kind: "top", direction: "low", by: "signup_date" }, "signed up first", "joined first"),
  ...ORDINALS.flatMap((ordinal, i) => [
    ...list({ kind: "place", place: i + 1 }, `${ordinal} one`, `the ${ordinal}`, `number ${i + 1}`, `no ${i + 1}`, ...SUPERLATIVES.map((top) => `${ordinal} ${top}`)),
  ]),
  ...list({ kind: "place", place: 2 }, "runner up"),
  ...list({ kind: "money" }, "money", "cash", "dollars"),
  ...list({ kind: "owner-verb" }, "handles", "handle", "manages", "looks after", "look after", "takes care of", "take care of", "owns", "is responsible for", "in charge of", "is in charge of", "covers", "carries"),
  ...list({ kind: "comparator", op: ">=", isRange: true }, "between"),
  ...list({ kind: "comparator", op: ">" }, "more than", "longer than", "older than", "over", "above", "greater than", "larger than", "bigger than", "higher than", "exceeding", "exceeds", "in excess of", "exceed"),
  ...list({ kind: "comparator", op: ">=" }, "at least", "no less than", "no fewer than", "minimum of", "not less than"),
  ...list({ kind: "comparator", op: ">=", trails: true }, "or more", "or longer", "or older", "or higher", "or above"),
  ...list({ kind: "comparator", op: "<=", trails: true }, "or less", "or fewer", "or lower", "or below"),
  ...list({ kind: "comparator", op: "<" }, "less than", "younger than", "shorter than", "fewer than", "below", "under", "lower than", "smaller than"),
  ...list({ kind: "comparator", op: "<=" }, "at most", "no more than", "up to", "not more than", "maximum of"),
  ...list({ kind: "comparator", op: "=" }, "exactly", "equal to", "equals"),
  ...list({ kind: "filler" }, "by what percentage", "by what percent", "by how many percent", "most recent", "most recently", "at the latest", "first of all", "for example", "good morning"),
  ...LOOSE.map((word): [string, Role] => [word, { kind: "filler", loose: true }]),
  ...FILLER.map((word): [string, Role] => [word, { kind: "filler" }]),
]; // prettier-ignore
