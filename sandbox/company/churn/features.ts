/** The churn model's features: what was known of each customer on a given day, in SQL, and what to call it in words. */

/** The reason a feature points to; the retention playbook has a play for each but `profile`. */
export type Driver =
  | "low usage"
  | "support pain"
  | "billing problems"
  | "no executive sponsor"
  | "price increase"
  | "competitor"
  | "early tenure"
  | "profile";

export interface Feature {
  name: string;
  driver: Driver;
  /** SQL over the aliases made in `featureSql`. */
  sql: string;
  label: string;
  /** The value in words, for one customer. */
  words(value: number): string;
}

const percent = (share: number) => `${Math.round(Math.abs(share) * 100)} %`;
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const IS_NEW = (months: number) => `date_diff('month', c.signup_date, DATE '{day}') < ${months}`;
const flag = (condition: string) => `CASE WHEN ${condition} THEN 1 ELSE 0 END`;
const yes = (words: string, otherwise: string) => (v: number) => (v > 0 ? words : otherwise);
/** Counts enter as ln(1 + count). */
const count = (noun: string) => (v: number) => plural(Math.round(Math.exp(v) - 1), noun);

export const FEATURES: readonly Feature[] = [
  { name: "usage_change", driver: "low usage", label: "usage against the best month of the past year",
    sql: "coalesce(least(0, u.recent / nullif(u.best, 0) - 1), 0)",
    words: (v) => (v < -0.005 ? `usage is ${percent(v)} below its best month of the past year` : "usage is at its best of the past year") },
  { name: "seat_utilisation", driver: "low usage", label: "share of seats in weekly use",
    sql: `CASE WHEN ${IS_NEW(3)} THEN 0.6 ELSE least(1.2, coalesce(u.users, 0) / s.seats) END`,
    words: (v) => `${percent(v)} of the seats are in use` },
  { name: "grave_tickets", driver: "support pain", label: "critical and high tickets of the last 90 days",
    sql: "ln(1 + coalesce(t.grave, 0))", words: (v) => `${count("critical or high ticket")(v)} in 90 days` },
  { name: "ticket_rate", driver: "support pain", label: "tickets of the last 90 days",
    sql: "ln(1 + coalesce(t.tickets, 0))", words: (v) => `${count("ticket")(v)} in 90 days` },
  { name: "csat", driver: "support pain", label: "satisfaction with support in the last 180 days",
    sql: "coalesce(t.csat, 4.1)", words: (v) => `support satisfaction of ${v.toFixed(1)} out of 5` },
  { name: "overdue_invoices", driver: "billing problems", label: "overdue invoices",
    sql: "coalesce(i.overdue, 0)", words: (v) => plural(v, "overdue invoice") },
  { name: "late_payments", driver: "billing problems", label: "invoices paid late in the last 120 days",
    sql: "coalesce(i.late, 0)", words: (v) => `${plural(v, "invoice")} paid late` },
  { name: "no_sponsor", driver: "no executive sponsor", label: "no executive sponsor",
    sql: flag("NOT c.executive_sponsor"), words: yes("no executive sponsor", "an executive sponsor") },
  { name: "price_increase", driver: "price increase", label: "price increase in the last six months, in percent",
    sql: "coalesce(p.uplift, 0)", words: (v) => (v > 0 ? `${v} % in the last six months` : "no recent price increase") },
  { name: "competitor", driver: "competitor", label: "a competitor is being evaluated",
    sql: flag("c.competitor_since <= DATE '{day}'"), words: yes("a competitor is being evaluated", "no known competitor") },
  { name: "early_tenure", driver: "early tenure", label: "customer for nine months or less",
    sql: flag(IS_NEW(10)), words: yes("a customer for nine months or less", "a customer for more than nine months") },
  { name: "enterprise", driver: "profile", label: "enterprise segment",
    sql: flag("c.segment = 'Enterprise'"), words: yes("enterprise segment", "not an enterprise") },
  { name: "small_business", driver: "profile", label: "small business segment",
    sql: flag("c.segment = 'Small Business'"), words: yes("small business segment", "not a small business") },
]; // prettier-ignore

/** One row per customer active at the end of `day`'s month: id, `left_later` (within three months), the features. */
export function featureSql(day: string): string {
  const columns = FEATURES.map((f) => `CAST(${f.sql} AS DOUBLE) AS ${f.name}`).join(",\n    ");
  return `
  SELECT c.customer_id,
    coalesce(c.churned_on <= DATE '{day}' + INTERVAL 3 MONTH, false) AS left_later,
    s.mrr,
    ${columns}
  FROM subscriptions s
  JOIN customers c ON c.customer_id = s.customer_id
  LEFT JOIN (
    SELECT customer_id, max(events) AS best, first(events ORDER BY back) AS recent, first(users ORDER BY back) AS users
    FROM (
      SELECT customer_id, (DATE '{day}' - 6 - week) // 28 AS back,
        sum(events) / count(DISTINCT week) AS events, sum(active_users) / count(DISTINCT week) AS users
      FROM usage WHERE week > DATE '{day}' - 370 AND week <= DATE '{day}' - 6 GROUP BY customer_id, back
    ) GROUP BY customer_id
  ) u ON u.customer_id = c.customer_id
  LEFT JOIN (
    SELECT customer_id, count(*) FILTER (WHERE opened_on > DATE '{day}' - 90) AS tickets,
      count(*) FILTER (WHERE opened_on > DATE '{day}' - 90 AND severity IN ('Critical', 'High')) AS grave,
      avg(csat) FILTER (WHERE closed_on <= DATE '{day}') AS csat
    FROM support_tickets WHERE opened_on > DATE '{day}' - 180 AND opened_on <= DATE '{day}' GROUP BY customer_id
  ) t ON t.customer_id = c.customer_id
  LEFT JOIN (
    SELECT customer_id, count(*) FILTER (WHERE due_on < DATE '{day}' AND (paid_on IS NULL OR paid_on > DATE '{day}')) AS overdue,
      count(*) FILTER (WHERE due_on > DATE '{day}' - 120 AND paid_on > due_on AND paid_on <= DATE '{day}') AS late
    FROM invoices WHERE due_on >= DATE '{day}' - 180 GROUP BY customer_id
  ) i ON i.customer_id = c.customer_id
  LEFT JOIN (
    SELECT customer_id, max(price_increase_pct) AS uplift FROM subscriptions
    WHERE month > DATE '{day}' - INTERVAL 6 MONTH AND month <= DATE '{day}' GROUP BY customer_id
  ) p ON p.customer_id = c.customer_id
  WHERE s.month = date_trunc('month', DATE '{day}') AND s.status = 'active'`.replaceAll("{day}", day);
}
