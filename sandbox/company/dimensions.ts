/** What the company's numbers can be broken down and filtered by, with the words people use for it. */
import { INDUSTRIES, REGIONS } from "./data/names.ts";

export type DimensionId =
  | "region"
  | "country"
  | "segment"
  | "industry"
  | "plan"
  | "account_owner"
  | "customer"
  | "executive_sponsor"
  | "competitor"
  | "ticket_category"
  | "severity"
  | "ticket_status"
  | "feature"
  | "invoice_status"
  | "month"
  | "quarter"
  | "year";

/** Tables a dimension's column lives in; `time` stands for each table's own date. */
export type DimensionSource = "customers" | "support_tickets" | "usage" | "invoices" | "time";

export interface Dimension {
  id: DimensionId;
  source: DimensionSource;
  column: string;
  label: string;
  /** Words for the dimension itself. */
  words: readonly string[];
  /** Values with the words for them, beside the value itself. */
  values: Readonly<Record<string, readonly string[]>>;
}

const bare = (values: readonly string[]) => Object.fromEntries(values.map((value) => [value, []]));

const COUNTRY_WORDS: Record<string, readonly string[]> = {
  "United Kingdom": ["UK", "Britain", "Great Britain", "British", "England"],
  "United States": ["USA", "U S", "American", "United States of America"],
  Germany: ["German"],
  France: ["French"],
  Netherlands: ["Dutch", "Holland"],
  Sweden: ["Swedish"],
  Spain: ["Spanish"],
  Italy: ["Italian"],
  Poland: ["Polish"],
  Canada: ["Canadian"],
  Brazil: ["Brazilian"],
  Mexico: ["Mexican"],
  Japan: ["Japanese"],
  Australia: ["Australian"],
  Singapore: ["Singaporean"],
  India: ["Indian"],
  "South Korea": ["Korea", "Korean", "South Korean"],
};

const INDUSTRY_WORDS: Record<string, readonly string[]> = {
  Banking: ["bank", "financial services"],
  Insurance: ["insurer"],
  Healthcare: ["health care", "hospital"],
  Manufacturing: ["manufacturer"],
  Retail: ["retailer"],
  Education: ["universities"],
  Energy: ["utilities"],
  Hospitality: ["hotels and restaurants"],
  Telecom: ["telco", "telecommunication", "telecoms"],
  "Public Sector": ["government", "public administration"],
};

const withWords = (values: readonly string[], words: Record<string, readonly string[]>) =>
  Object.fromEntries(values.map((value) => [value, words[value] ?? []]));

export const DIMENSIONS: readonly Dimension[] = [
  {
    id: "region",
    source: "customers",
    column: "region",
    label: "region",
    words: ["region", "territory", "geo", "geography"],
    values: {
      EMEA: ["Europe", "European", "Europe Middle East and Africa"],
      AMER: ["Americas", "the Americas", "North America"],
      APAC: ["Asia", "Asia Pacific", "Asian"],
    },
  },
  {
    id: "country",
    source: "customers",
    column: "country",
    label: "country",
    words: ["country", "nation"],
    values: withWords(
      Object.values(REGIONS).flatMap((region) => region.countries),
      COUNTRY_WORDS,
    ),
  },
  {
    id: "segment",
    source: "customers",
    column: "segment",
    label: "segment",
    words: ["segment", "customer segment", "company size", "size class"],
    values: {
      Enterprise: ["large customers"],
      "Mid-Market": ["midmarket", "mid sized", "midsize"],
      "Small Business": ["SMB", "small business", "small companies", "small customers", "smb segment"],
    },
  },
  {
    id: "industry",
    source: "customers",
    column: "industry",
    label: "industry",
    words: ["industry", "vertical", "sector", "branch"],
    values: withWords(Object.keys(INDUSTRIES), INDUSTRY_WORDS),
  },
  {
    id: "plan",
    source: "customers",
    column: "plan",
    label: "plan",
    words: ["plan", "tier", "product plan", "subscription plan", "package", "edition"],
    values: {
      Essentials: ["essential plan"],
      Standard: ["standard plan"],
      Advanced: ["advanced plan"],
      Premier: ["premier plan"],
    },
  },
  {
    id: "account_owner",
    source: "customers",
    column: "account_owner",
    label: "account owner",
    words: ["account owner", "owner", "account manager", "account executive", "sales rep", "rep", "csm"],
    values: bare(Object.values(REGIONS).flatMap((region) => region.owners)),
  },
  {
    id: "customer",
    source: "customers",
    column: "name",
    label: "customer",
    words: ["customer", "account", "client", "company", "logo"],
    values: {},
  },
  {
    id: "executive_sponsor",
    source: "customers",
    column: "executive_sponsor",
    label: "executive sponsor",
    words: ["executive sponsorship", "sponsorship"],
    values: {
      true: ["with executive sponsor", "with an executive sponsor", "have an executive sponsor"],
      false: [
        "without executive sponsor",
        "without an executive sponsor",
        "no executive sponsor",
        "lack an executive sponsor",
        "missing executive sponsor",
      ],
    },
  },
  {
    id: "competitor",
    source: "customers",
    column: "competitor",
    label: "competitor",
    words: ["competitor", "rival"],
    values: {
      Wexcore: [],
      Tallymark: [],
      Opsidian: [],
      any: [
        "evaluating a competitor",
        "evaluating competitors",
        "evaluate a competitor",
        "looking at a competitor",
        "considering a competitor",
        "talking to a competitor",
        "with a competitor",
        "look at a competitor",
      ],
    },
  },
  {
    id: "ticket_category",
    source: "support_tickets",
    column: "category",
    label: "ticket category",
    words: ["ticket category", "category", "ticket type", "kind of ticket", "issue type", "topic"],
    values: {
      Billing: ["billing"],
      Performance: ["slowness"],
      Bug: ["defect"],
      Integration: [],
      Access: ["login", "sign in"],
      "How-to": ["howto"],
    },
  },
  {
    id: "severity",
    source: "support_tickets",
    column: "severity",
    label: "severity",
    words: ["severity", "priority", "ticket severity", "severity level"],
    values: {
      Critical: ["urgent", "sev 1", "p1"],
      High: ["high severity", "high priority", "high tickets", "severity high"],
      Medium: ["medium severity", "medium priority", "medium"],
      Low: ["low severity", "low priority", "low tickets", "severity low"],
    },
  },
  {
    id: "ticket_status",
    source: "support_tickets",
    column: "status",
    label: "ticket status",
    words: ["ticket status"],
    values: {
      pending: ["pending tickets"],
      closed: ["closed tickets", "resolved tickets", "solved tickets"],
    },
  },
  {
    id: "feature",
    source: "usage",
    column: "feature",
    label: "feature",
    words: ["feature", "product area", "module"],
    values: { Boards: [], Reports: ["reports feature"], Automations: ["automation"] },
  },
  {
    id: "invoice_status",
    source: "invoices",
    column: "status",
    label: "invoice status",
    words: ["invoice status", "payment status"],
    values: {},
  },
  {
    id: "month",
    source: "time",
    column: "month",
    label: "month",
    words: ["month", "calendar month"],
    values: {},
  },
  { id: "quarter", source: "time", column: "quarter", label: "quarter", words: ["quarter"], values: {} },
  { id: "year", source: "time", column: "year", label: "year", words: ["year", "calendar year"], values: {} },
];

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

const BY_ID = new Map(DIMENSIONS.map((dimension) => [dimension.id, dimension]));

export function dimension(id: DimensionId): Dimension {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`unknown dimension ${id}`);
  return found;
}
