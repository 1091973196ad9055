/** The semantic layer's measures: how each is computed, over which table and time, and the words for it. */

type BaseId =
  | "mrr" | "arr" | "customers" | "mrr_per_customer" | "seats"
  | "revenue" | "churned_customers" | "churn_rate_pct" | "churned_mrr" | "mrr_churn_rate_pct"
  | "new_customers" | "new_mrr" | "net_new_customers" | "net_revenue_retention_pct"
  | "renewals" | "renewal_mrr"
  | "usage_events" | "weekly_active_users" | "usage_change_pct"
  | "tickets" | "open_tickets" | "closed_tickets" | "ticket_texts" | "csat" | "resolution_days"
  | "overdue_invoices" | "overdue_amount" | "invoices" | "invoiced_amount" | "paid_invoices" | "late_paid_invoices" | "invoices_due" | "overdue_days" | "paid_amount" | "written_off_amount" | "days_to_pay"; // prettier-ignore

/** Of a figure that every row has by itself, also the statistics over the rows. */
export type Statistic = "median" | "average" | "largest" | "smallest";
export type MeasureId = BaseId | `${Statistic}_${BaseId}`;

export type FactId =
  | "subscriptions" | "movements" | "signups" | "departures" | "renewals" | "usage" | "usage_change"
  | "support_tickets" | "closings" | "invoices" | "dues"; // prettier-ignore

/** A table with the date that time windows apply to. */
export interface Fact {
  id: FactId;
  /** FROM item with alias `f`. */
  from: string;
  date: string;
  /** `stock` is read at the end of a window, `flow` is summed over it, `standing` counts all unless a window is given. */
  time: "stock" | "flow" | "standing";
  where: string | null;
  /** Its first month, where that is not the first of the data. */
  since?: string;
}

export const FACTS: Record<FactId, Fact> = {
  subscriptions: { id: "subscriptions", from: "subscriptions f", date: "f.month", time: "stock", where: "f.status = 'active'" },
  movements: { id: "movements", from: "subscriptions f", date: "f.month", time: "flow", where: null },
  signups: { id: "signups", from: "customers f", date: "f.signup_date", time: "flow", where: null, since: "2021-01-01" },
  departures: { id: "departures", from: "customers f", date: "f.churned_on", time: "flow", where: "f.status = 'churned'" },
  closings: { id: "closings", from: "support_tickets f", date: "f.closed_on", time: "flow", where: null },
  dues: { id: "dues", from: "invoices f", date: "f.due_on", time: "flow", where: null },
  renewals: {
    id: "renewals",
    from: "subscriptions f",
    date: "c.renewal_date",
    time: "flow",
    where: "f.status = 'active' AND f.month = DATE '2026-09-01'",
  },
  usage: { id: "usage", from: "usage f", date: "f.week", time: "flow", where: null },
  usage_change: { id: "usage_change", from: "usage f", date: "f.week", time: "flow", where: null },
  support_tickets: { id: "support_tickets", from: "support_tickets f", date: "f.opened_on", time: "flow", where: null },
  invoices: { id: "invoices", from: "invoices f", date: "f.issued_on", time: "flow", where: null },
}; // prettier-ignore

export interface Measure {
  id: MeasureId;
  fact: FactId;
  /** Aggregate; `{start}` and `{end}` stand for the first and last month of the window or of the time group. */
  sql: string;
  label: string;
  unit: "USD" | "%" | "days" | "" ;
  /** Counts and sums are 0 where there is nothing; averages and rates are unknown. */
  empty: "zero" | "null";
  /** Counts a state that lasts (open, overdue): without a window all of them, whenever they began. */
  standing?: boolean;
  /** Says of a customer that something happened to it: then lists show these columns instead. */
  membership?: readonly AttributeId[];
  /** Compares fixed periods: has no course over time. */
  fixed?: boolean;
  /** What one row has of it, for the statistics. */
  value?: string;
  /** What "best" means; absent where there is no better or worse. */
  better?: "high" | "low";
  words: readonly string[];
} // prettier-ignore

/** Columns of a customer that lists can show. */
export type AttributeId =
  | "segment" | "region" | "country" | "industry" | "plan" | "account_owner" | "signup_date" | "renewal_date"
  | "status" | "churned_on" | "executive_sponsor" | "competitor"; // prettier-ignore

export const ATTRIBUTE_WORDS: Record<AttributeId, readonly string[]> = {
  segment: [],
  region: [],
  country: [],
  industry: [],
  plan: [],
  account_owner: ["who owns", "who manages", "owned by", "who is responsible for"],
  signup_date: ["signup date", "sign up date", "start date", "customer since", "when did they sign up"],
  renewal_date: ["renewal date", "date of renewal", "contract end", "when is the renewal", "next renewal"],
  status: ["customer status", "account status", "still a customer", "still customers"],
  churned_on: ["churn date", "date of churn", "when did they churn"],
  executive_sponsor: ["executive sponsor"],
  competitor: [],
};

const subscription = "subscriptions";
/** What a customer pays per month is its MRR, not a course over months. */
const PAID_A_MONTH = [
  "pay",
  "pays",
  "paying",
  "spend",
  "bring in",
  "generate",
  "contribute",
  "earn",
  "make",
].flatMap((verb) =>
  ["per month", "a month", "each month", "every month", "monthly"].flatMap((rate) => [
    `${verb} ${rate}`,
    `${verb} us ${rate}`,
  ]),
);
const CHURNED = "f.status = 'churned'";
const AT_START = "f.month = {start} AND NOT f.is_new";

export const MEASURES: readonly Measure[] = [
  { id: "mrr", fact: subscription, sql: "SUM(f.mrr)", label: "MRR", unit: "USD", empty: "zero", better: "high", value: "f.mrr",
    words: ["MRR", "monthly recurring revenue", "recurring revenue", "contract value", "by monthly revenue", "in monthly revenue", "book of business", "portfolio", "spend", "worth", "pay", "pays", "paying", "monthly spend", "monthly fee", "monthly payment", "spend per month", ...PAID_A_MONTH] },
  { id: "arr", fact: subscription, sql: "SUM(f.mrr) * 12", label: "ARR", unit: "USD", empty: "zero", better: "high",
    words: ["ARR", "annual recurring revenue", "annualized revenue", "annualised revenue", "annualised recurring revenue", "annualized recurring revenue", "yearly recurring revenue", "run rate", "annual revenue"] },
  { id: "customers", fact: subscription, sql: "COUNT(*)", label: "active customers", unit: "", empty: "zero", better: "high",
    words: ["number of customers", "customer count", "customer counts", "number of active customers", "active customers", "count of customers", "amount of customers", "number of accounts", "customer base", "headcount of customers", "number of clients"] },
  { id: "mrr_per_customer", fact: subscription, sql: "CAST(SUM(f.mrr) / COUNT(*) AS DECIMAL(18, 2))", label: "MRR per customer", unit: "USD", empty: "null", better: "high",
    words: ["average MRR", "average revenue per customer", "average revenue per account", "ARPA", "ARPC", "ARPU", "revenue per customer", "revenue per account", "MRR per customer", "MRR per account", "average MRR per customer", "average revenue", "average customer value", "mean MRR", "average deal size", "average contract value", "average subscription"] },
  { id: "seats", fact: subscription, sql: "SUM(f.seats)", label: "seats", unit: "", empty: "zero", better: "high", value: "f.seats",
    words: ["seats", "seat count", "licences", "licenses", "number of seats", "paid seats"] },
  { id: "revenue", fact: "movements", sql: "SUM(f.mrr) FILTER (WHERE f.status = 'active')", label: "subscription revenue", unit: "USD", empty: "zero", better: "high",
    words: ["revenue", "subscription revenue", "total revenue", "sales", "turnover", "income", "earn", "earned", "how much did we earn", "how much money did we make"] },
  { id: "churned_customers", fact: "departures", sql: "COUNT(*)", label: "churned customers", unit: "", empty: "zero", better: "low",
    membership: ["segment", "region", "churned_on"],
    words: ["churned customers", "churned", "lost customers",  "customers did we lose", "churned accounts", "number of churned customers", "cancelled", "canceled", "cancellations", "left us", "churned logos", "churn count", "number of churns", "have left", "lost accounts", "accounts lost", "did we lose", "we lost", "customers that left", "customers who left", "departures", "lost", "lose", "losing", "walked away", "walk away", "went away", "left", "leave", "leaving", "quit", "departed", "terminated", "dropped out", "attrited", "cancel", "cancelling"] },
  { id: "churn_rate_pct", fact: "movements", sql: `ROUND(100.0 * COUNT(*) FILTER (WHERE ${CHURNED}) / NULLIF(COUNT(*) FILTER (WHERE ${AT_START}), 0), 2)`, label: "churn rate", unit: "%", empty: "null", better: "low",
    words: ["churn rate", "customer churn rate", "logo churn rate", "logo churn", "churn percentage", "rate of churn", "churn ratio", "customer churn", "attrition", "attrition rate"] },
  { id: "churned_mrr", fact: "movements", sql: `SUM(f.mrr) FILTER (WHERE ${CHURNED})`, label: "churned MRR", unit: "USD", empty: "zero", better: "low", value: "CASE WHEN f.status = 'churned' THEN f.mrr END",
    words: ["churned MRR", "lost MRR", "churned revenue", "lost revenue", "revenue lost", "revenue churned", "MRR lost", "MRR churned", "MRR churn", "MRR lost to churn", "revenue lost to churn", "MRR did we lose", "revenue did we lose", "revenue did we lose to churn", "MRR did we lose to churn", "lost to churn", "lose to churn", "MRR of churned customers"] },
  { id: "mrr_churn_rate_pct", fact: "movements", sql: `ROUND(100.0 * SUM(f.mrr) FILTER (WHERE ${CHURNED}) / NULLIF(SUM(f.mrr) FILTER (WHERE ${AT_START}), 0), 2)`, label: "MRR churn rate", unit: "%", empty: "null", better: "low",
    words: ["MRR churn rate", "revenue churn rate", "revenue churn", "gross revenue churn", "dollar churn"] },
  { id: "new_customers", fact: "signups", sql: "COUNT(*)", label: "new customers", unit: "", empty: "zero", better: "high",
    membership: ["segment", "region", "signup_date"],
    words: ["new customers", "new accounts", "new logos", "signups", "sign ups", "signed up", "sign up", "joined", "new business", "customers won", "customers acquired", "customers did we win", "customers did we gain", "did we win", "did we acquire", "new clients", "new subscriptions", "customer acquisition", "acquired customers", "joined us", "win", "won", "gain", "gained", "acquire", "acquired", "added", "landed", "onboarded", "brought in", "came on board"] },
  { id: "new_mrr", fact: "movements", sql: "SUM(f.mrr) FILTER (WHERE f.is_new)", label: "new MRR", unit: "USD", empty: "zero", better: "high", value: "CASE WHEN f.is_new THEN f.mrr END",
    words: ["new MRR", "MRR from new customers", "new customer MRR", "MRR won", "revenue from new customers"] },
  { id: "net_new_customers", fact: "movements", sql: `COUNT(*) FILTER (WHERE f.is_new) - COUNT(*) FILTER (WHERE ${CHURNED})`, label: "net new customers", unit: "", empty: "zero", better: "high",
    words: ["net new customers", "net customer growth", "net adds", "net new accounts", "net new logos"] },
  { id: "net_revenue_retention_pct", fact: "movements", sql: "ROUND(100.0 * SUM(f.mrr) FILTER (WHERE f.month = {end} AND f.status = 'active' AND f.customer_id IN (SELECT customer_id FROM subscriptions WHERE month = {year_before} AND status = 'active')) / NULLIF(SUM(f.mrr) FILTER (WHERE f.month = {year_before} AND f.status = 'active'), 0), 2)", label: "net revenue retention over 12 months", unit: "%", empty: "null", fixed: true, better: "high",
    words: ["net revenue retention", "NRR", "net retention", "net dollar retention", "NDR", "revenue retention"] },
  { id: "renewals", fact: "renewals", sql: "COUNT(*)", label: "renewals due", unit: "", empty: "zero",
    membership: ["segment", "region", "renewal_date"],
    words: ["renewals", "renewals falling due", "renewing", "up for renewal", "renew", "due for renewal", "coming up for renewal", "renewals due", "customers renewing", "upcoming renewals", "due to renew", "contracts ending", "contracts expiring", "contracts end", "contracts expire", "contract ends", "contract expires", "expiring contracts", "contracts up", "contracts run out", "contracts come up for renewal", "come up for renewal", "comes up for renewal"] },
  { id: "renewal_mrr", fact: "renewals", sql: "SUM(f.mrr)", label: "MRR up for renewal", unit: "USD", empty: "zero", value: "f.mrr",
    words: ["MRR up for renewal", "renewal MRR", "MRR due for renewal", "revenue up for renewal", "MRR renewing", "MRR is up for renewal", "renewing MRR"] },
  { id: "usage_events", fact: "usage", sql: "SUM(f.events)", label: "usage events", unit: "", empty: "zero", better: "high",
    words: ["usage events", "usage", "product usage", "events", "activity", "actions", "product activity", "engagement", "total usage", "adoption", "product adoption", "use the product", "uses the product", "using the product", "use our product", "using our product"] },
  { id: "weekly_active_users", fact: "usage", sql: "ROUND(1.0 * SUM(f.active_users) / COUNT(DISTINCT f.week), 1)", label: "weekly active users", unit: "", empty: "zero", better: "high",
    words: ["active users", "weekly active users", "WAU", "users", "number of users", "average active users", "average weekly active users", "user count", "logins", "people actively use", "actively use", "people use", "weekly users", "log in", "logs in"] },
  { id: "usage_change_pct", fact: "usage_change", sql: "ROUND(100.0 * (SUM(f.events) FILTER (WHERE f.week >= {start}) / NULLIF(SUM(f.events) FILTER (WHERE f.week < {start}), 0) - 1), 2)", label: "usage change against the months before", unit: "%", empty: "null", fixed: true, better: "high",
    words: ["usage change", "change in usage", "change of usage", "usage growth", "usage decline", "usage trend", "average usage change", "drop in usage", "usage drop", "usage decrease", "usage increase", "decline in usage", "growth in usage", "usage changed", "declining usage", "change in product usage", "lost the most usage", "lost usage", "losing usage", "usage fell", "use the product less", "using the product less", "usage went down", "usage has fallen", "usage has dropped", "usage dropped", "drop of usage", "usage declined", "usage decreased", "falling usage", "decreasing usage", "shrinking usage", "usage loss", "fall in usage", "usage is falling", "usage is declining", "usage is dropping", "loss of usage", "drop in product usage", "decline in product usage", "decline of usage", "usage going down"] },
  { id: "tickets", fact: "support_tickets", sql: "COUNT(*)", label: "support tickets", unit: "", empty: "zero", better: "low",
    words: ["tickets", "support tickets", "number of tickets", "ticket count", "ticket volume", "support cases", "cases", "support requests", "tickets opened", "opened tickets", "support volume", "support issues", "complaints", "complain", "complains", "complained", "tickets were opened", "incidents reported"] },
  { id: "open_tickets", fact: "support_tickets", sql: "COUNT(*) FILTER (WHERE f.status <> 'closed')", label: "open tickets", unit: "", empty: "zero", standing: true, better: "low",
    words: ["open tickets", "open support tickets", "unresolved tickets", "open cases", "tickets are open", "tickets open", "tickets still open", "tickets are still open", "ticket backlog", "unresolved issues", "open issues", "open support cases", "backlog", "outstanding tickets", "unsolved tickets", "support backlog", "tickets waiting", "tickets still waiting", "tickets are waiting", "waiting tickets", "unanswered tickets", "tickets not closed", "tickets are not closed"] },
  { id: "closed_tickets", fact: "closings", sql: "COUNT(*)", label: "closed tickets", unit: "", empty: "zero", better: "high",
    words: ["closed tickets", "tickets closed", "tickets got closed", "tickets were closed", "resolved tickets", "tickets resolved", "tickets were resolved", "solved tickets", "tickets solved", "tickets did we close", "tickets did we resolve", "tickets did we solve", "close tickets"] },
  { id: "ticket_texts", fact: "support_tickets", sql: "array_to_string(list(f.description ORDER BY f.opened_on DESC, f.ticket_id DESC)[1:5], ' | ')", label: "latest ticket texts", unit: "", empty: "null",
    words: ["ticket texts", "ticket text", "ticket descriptions", "ticket details", "ticket subjects", "latest tickets", "most recent tickets", "recent tickets", "complain about", "complained about", "complaining about", "text of the tickets", "texts of the tickets", "details of the tickets", "tickets about", "write in their tickets", "say in their tickets"] },
  { id: "csat", fact: "support_tickets", sql: "ROUND(AVG(f.csat), 2)", label: "CSAT (1 to 5)", unit: "", empty: "null", better: "high", value: "f.csat",
    words: ["CSAT", "customer satisfaction", "satisfaction", "satisfaction score", "CSAT score", "average CSAT", "average satisfaction", "support satisfaction", "support rating", "how satisfied", "happy are"] },
  { id: "resolution_days", fact: "support_tickets", sql: "ROUND(AVG(date_diff('day', f.opened_on, f.closed_on)), 2)", label: "average days to resolution", unit: "days", empty: "null", better: "low", value: "date_diff('day', f.opened_on, f.closed_on)",
    words: ["resolution time", "time to resolution", "time to resolve", "average resolution time", "days to close", "days to resolve", "time to close", "how long does it take to resolve", "ticket duration", "how quickly are tickets resolved", "to resolve", "to close", "to fix", "to solve", "take to resolve", "take to close", "take to fix", "take to solve"] },
  { id: "overdue_invoices", fact: "invoices", sql: "COUNT(*) FILTER (WHERE f.status = 'overdue')", label: "overdue invoices", unit: "", empty: "zero", standing: true, better: "low",
    words: ["overdue invoices", "late invoices", "unpaid invoices", "invoices overdue", "invoices are overdue", "past due invoices", "outstanding invoices", "number of overdue invoices", "overdue bills", "invoices past due", "overdue payments", "unpaid bills", "pay late", "paying late", "late with payments", "late with their payments", "late on payments", "late in paying", "late paying", "late payers", "late payments", "behind on payments", "have not paid", "not paid", "has not paid", "not paid their invoices", "have not paid their invoices", "hasn t paid", "haven t paid", "behind on their payments", "behind with payments", "behind with their payments", "in arrears"] },
  { id: "overdue_amount", fact: "invoices", sql: "SUM(f.amount) FILTER (WHERE f.status = 'overdue')", label: "overdue amount", unit: "USD", empty: "zero", standing: true, better: "low", value: "CASE WHEN f.status = 'overdue' THEN f.amount END",
    words: ["overdue amount", "amount overdue", "overdue balance", "outstanding amount", "amount of overdue invoices", "value of overdue invoices", "overdue invoice amount", "total overdue", "owed", "outstanding balance", "amount outstanding", "sum of overdue invoices", "past due amount", "money is overdue", "owe us", "owe", "overdue revenue", "overdue receivables", "receivables", "is overdue", "amount past due", "much is overdue"] },
  { id: "invoices", fact: "invoices", sql: "COUNT(*)", label: "invoices", unit: "", empty: "zero",
    words: ["invoices", "number of invoices", "invoice count", "bills", "invoices issued"] },
  { id: "invoiced_amount", fact: "invoices", sql: "SUM(f.amount)", label: "invoiced amount", unit: "USD", empty: "zero", better: "high", value: "f.amount",
    words: ["invoiced amount", "amount invoiced", "billed amount", "invoiced", "amount billed", "total invoiced", "invoice amount", "invoice size", "invoice value", "size of invoices", "value of invoices", "did we invoice", "did we bill", "billed"] },
  { id: "overdue_days", fact: "invoices", sql: "ROUND(AVG(date_diff('day', f.due_on, DATE '2026-09-30')) FILTER (WHERE f.status = 'overdue'), 2)", label: "average days overdue", unit: "days", empty: "null", standing: true, better: "low",
    words: ["average days overdue", "age of overdue invoices", "average age of overdue invoices", "age of unpaid invoices"] },
  { id: "paid_invoices", fact: "invoices", sql: "COUNT(*) FILTER (WHERE f.status = 'paid')", label: "paid invoices", unit: "", empty: "zero", better: "high",
    words: ["paid invoices", "invoices paid", "invoices were paid", "invoices are paid", "invoices have been paid", "settled invoices"] },
  { id: "late_paid_invoices", fact: "invoices", sql: "COUNT(*) FILTER (WHERE f.paid_on > f.due_on)", label: "invoices paid late", unit: "", empty: "zero", better: "low",
    words: ["invoices paid late", "invoices were paid late", "late paid invoices", "invoices paid after the due date", "invoices are paid late", "invoices get paid late", "invoices settled late", "invoices gets settled late", "paid late"] },
  { id: "invoices_due", fact: "dues", sql: "COUNT(*)", label: "invoices due", unit: "", empty: "zero",
    words: ["invoices due", "invoices are due", "invoices fall due", "invoices falling due", "invoices will be due", "invoices were due", "invoices come due", "due invoices"] },
  { id: "paid_amount", fact: "invoices", sql: "SUM(f.amount) FILTER (WHERE f.status = 'paid')", label: "paid amount", unit: "USD", empty: "zero", better: "high", value: "CASE WHEN f.status = 'paid' THEN f.amount END",
    words: ["paid amount", "amount paid", "payments received", "cash collected", "collected", "paid invoices amount", "payments"] },
  { id: "written_off_amount", fact: "invoices", sql: "SUM(f.amount) FILTER (WHERE f.status = 'written off')", label: "written-off amount", unit: "USD", empty: "zero", better: "low", value: "CASE WHEN f.status = 'written off' THEN f.amount END",
    words: ["written off", "write offs", "written off amount", "bad debt"] },
  { id: "days_to_pay", fact: "invoices", sql: "ROUND(AVG(date_diff('day', f.issued_on, f.paid_on)), 2)", label: "average days to payment", unit: "days", empty: "null", better: "low", value: "date_diff('day', f.issued_on, f.paid_on)",
    words: ["days to pay", "days to payment", "payment time", "time to pay", "DSO", "payment delay", "how quickly do customers pay", "how long do customers take to pay", "take to pay"] },
]; // prettier-ignore

const STATISTICS: Record<Statistic, (value: string) => string> = {
  median: (value) => `ROUND(MEDIAN(${value}), 2)`,
  average: (value) => `ROUND(AVG(${value}), 2)`,
  largest: (value) => `MAX(${value})`,
  smallest: (value) => `MIN(${value})`,
};

function statisticsOf(m: Measure): Measure[] {
  const { value } = m;
  if (value === undefined) return [];
  return (Object.keys(STATISTICS) as Statistic[]).map((name) => ({
    ...m,
    id: `${name}_${m.id as BaseId}` as const,
    sql: STATISTICS[name](value),
    label: `${name} ${m.label.replace(/^average /, "")}`,
    empty: "null",
    words: [],
  }));
}

const BY_ID = new Map([...MEASURES, ...MEASURES.flatMap(statisticsOf)].map((m) => [m.id, m]));

/** The statistic of a measure; undefined where its rows have no value of their own. */
export function statistic(name: Statistic, id: MeasureId): MeasureId | undefined {
  return BY_ID.get(`${name}_${id}` as MeasureId)?.id;
}

export function measure(id: MeasureId): Measure {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`unknown measure ${id}`);
  return found;
}

export function isAttribute(id: string): id is AttributeId {
  return id in ATTRIBUTE_WORDS;
}

export function isMeasure(id: string): id is MeasureId {
  return BY_ID.has(id as MeasureId);
}

/** Measures that say of a customer that something happened to it. */
export function isMembership(id: MeasureId): boolean {
  return measure(id).membership !== undefined;
}
