/** What the company's numbers can be broken down and filtered by, with the words people use for it. */
import { INDUSTRIES, REGIONS } from "./data/names.ts";
import { wordsOf } from "./words.ts";

export type DimensionId =
  | "region" | "country" | "segment" | "industry" | "plan" | "account_owner" | "customer" | "executive_sponsor" | "competitor"
  | "ticket_category" | "severity" | "ticket_status" | "feature" | "invoice_status" | "month" | "quarter" | "year"; // prettier-ignore

export interface Dimension {
  id: DimensionId;
  /** The table that holds the column; `time` stands for each table's own date. */
  source: "customers" | "support_tickets" | "usage" | "invoices" | "time";
  column: string;
  label: string;
  /** Words for the dimension itself. */
  words: readonly string[];
  /** Values with the words for them, beside the value itself. */
  values: Readonly<Record<string, readonly string[]>>;
}

const COUNTRIES: Record<string, string[]> = {
  "United Kingdom": ["UK", "Britain", "Great Britain", "British", "England"],
  "United States": ["USA", "U S", "American", "United States of America"],
  Netherlands: ["Dutch", "Holland"],
  "South Korea": ["Korea", "Korean", "South Korean"],
  Germany: ["German"], France: ["French"], Sweden: ["Swedish"], Spain: ["Spanish"], Italy: ["Italian"], Poland: ["Polish"],
  Canada: ["Canadian"], Brazil: ["Brazilian"], Mexico: ["Mexican"], Japan: ["Japanese"], Australia: ["Australian"],
  Singapore: ["Singaporean"], India: ["Indian"],
}; // prettier-ignore

const INDUSTRY_WORDS: Record<string, string[]> = {
  Banking: ["bank", "financial services"], Insurance: ["insurer"], Healthcare: ["health care", "hospital"],
  Manufacturing: ["manufacturer"], Retail: ["retailer"], Education: ["universities", "school"], Energy: ["utilities"],
  Telecom: ["telco", "telecommunication", "telecoms"], "Public Sector": ["government", "public administration"],
}; // prettier-ignore

const SPONSOR = [
  "executive sponsor",
  "an executive sponsor",
  "any executive sponsor",
  "sponsor",
  "a sponsor",
  "any sponsor",
  "exec sponsor",
  "an exec sponsor",
];
const HAVING = ["with", "have", "has", "having", "have got", "has got"];
const LACKING = [
  "without",
  "no",
  "lack",
  "lacks",
  "lacking",
  "missing",
  "w o",
  "neither",
  "nor",
  "not have",
  "don t have",
  "doesn t have",
];
const RIVAL = ["evaluating a competitor", "evaluating competitors", "evaluate a competitor", "looking at a competitor", "considering a competitor", "talking to a competitor", "with a competitor", "look at a competitor"]; // prettier-ignore

const values = (list: readonly string[], words: Record<string, string[]> = {}) =>
  Object.fromEntries(list.map((value) => [value, words[value] ?? []]));
const countries = Object.values(REGIONS).flatMap((region) => region.countries);
const owners = Object.values(REGIONS).flatMap((region) => region.owners);

export const DIMENSIONS: readonly Dimension[] = [
  { id: "region", source: "customers", column: "region", label: "region",
    words: ["region", "territory", "geo", "geography"],
    values: { EMEA: ["Europe", "European", "Europe Middle East and Africa"], AMER: ["Americas", "the Americas", "North America"], APAC: ["Asia", "Asia Pacific", "Asian"] } },
  { id: "country", source: "customers", column: "country", label: "country", words: ["country", "nation"], values: values(countries, COUNTRIES) },
  { id: "segment", source: "customers", column: "segment", label: "segment",
    words: ["segment", "customer segment", "company size", "size class"],
    values: { Enterprise: ["large customers"], "Mid-Market": ["midmarket", "mid sized", "midsize"], "Small Business": ["SMB", "small companies", "small customers"] } },
  { id: "industry", source: "customers", column: "industry", label: "industry",
    words: ["industry", "vertical", "sector", "branch"], values: values(Object.keys(INDUSTRIES), INDUSTRY_WORDS) },
  { id: "plan", source: "customers", column: "plan", label: "plan",
    words: ["plan", "tier", "product plan", "subscription plan", "package", "edition"], values: values(["Essentials", "Standard", "Advanced", "Premier"]) },
  { id: "account_owner", source: "customers", column: "account_owner", label: "account owner",
    words: ["account owner", "owner", "account manager", "account executive", "sales rep", "rep", "csm"], values: values(owners) },
  { id: "customer", source: "customers", column: "name", label: "customer", words: ["customer", "account", "client", "company", "logo", "firm", "payer", "spender", "buyer"], values: {} },
  { id: "executive_sponsor", source: "customers", column: "executive_sponsor", label: "executive sponsor", words: ["executive sponsorship", "sponsorship"],
    values: { true: SPONSOR.flatMap((s) => HAVING.map((has) => `${has} ${s}`)), false: SPONSOR.flatMap((s) => LACKING.map((lacks) => `${lacks} ${s}`)) } },
  { id: "competitor", source: "customers", column: "competitor", label: "competitor", words: ["competitor", "rival"],
    values: { Wexcore: [], Tallymark: [], Opsidian: [], any: RIVAL } },
  { id: "ticket_category", source: "support_tickets", column: "category", label: "ticket category",
    words: ["ticket category", "category", "ticket type", "kind of ticket", "issue type", "topic"],
    values: { Billing: [], Performance: ["slowness"], Bug: ["defect"], Integration: [], Access: ["login", "sign in"], "How-to": ["howto"] } },
  { id: "severity", source: "support_tickets", column: "severity", label: "severity",
    words: ["severity", "sev", "priority", "ticket severity", "severity level"],
    values: { Critical: ["urgent", "sev 1", "p1"], High: ["high severity", "high priority", "high tickets", "severity high"],
      Medium: ["medium severity", "medium priority"], Low: ["low severity", "low priority", "low tickets", "severity low"] } },
  { id: "ticket_status", source: "support_tickets", column: "status", label: "ticket status", words: ["ticket status"],
    values: { pending: ["pending tickets"], closed: ["closed tickets", "resolved tickets", "solved tickets"] } },
  { id: "feature", source: "usage", column: "feature", label: "feature", words: ["feature", "product area", "module"], values: values(["Boards", "Reports", "Automations"]) },
  { id: "invoice_status", source: "invoices", column: "status", label: "invoice status", words: ["invoice status", "payment status"], values: {} },
  { id: "month", source: "time", column: "month", label: "month", words: ["month", "calendar month"], values: {} },
  { id: "quarter", source: "time", column: "quarter", label: "quarter", words: ["quarter"], values: {} },
  { id: "year", source: "time", column: "year", label: "year", words: ["year", "calendar year"], values: {} },
]; // prettier-ignore

/** Values whose own name is an everyday word: only their longer phrases count. */
export const PHRASES_ONLY: ReadonlySet<string> = new Set([
  "any",
  "High",
  "Low",
  "closed",
  "true",
  "false",
  "pending",
]);

/** Words of values, which may begin with a capital letter: "Canada", "Premier". */
export function valueWords(): Set<string> {
  const phrases = DIMENSIONS.flatMap(({ values }) => Object.entries(values).flat(2));
  return new Set(wordsOf(phrases.join(" , ")).map((word) => word.key));
}

const BY_ID = new Map(DIMENSIONS.map((dimension) => [dimension.id, dimension]));

export function dimension(id: DimensionId): Dimension {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`unknown dimension ${id}`);
  return found;
}
