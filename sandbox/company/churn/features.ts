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

export const FEATURES: readonly Feature[] = [
  {
    name: "usage_change",
    driver: "low usage",
    sql: "coalesce(least(0, u.recent / nullif(u.best, 0) - 1), 0)",
    label: "usage against the best month of the past year",
    words: (v) =>
      v < -0.005
        ? `usage is ${percent(v)} below its best month of the past year`
        : "usage is at its best of the past year",
  },
  {
    name: "seat_utilisation",
    driver: "low usage",
    sql: "CASE WHEN date_diff('month', c.signup_date, DATE '{day}') < 3 THEN 0.6 ELSE least(1.2, coalesce(u.users, 0) / s.seats) END",
    label: "share of seats in weekly use",
    words: (v) => `${percent(v)} of the seats are in use`,
  },
  {
    name: "grave_tickets",
    driver: "support pain",
    sql: "ln(1 + coalesce(t.grave, 0))",
    label: "critical and high tickets of the last 90 days",
    words: (v) => `${plural(Math.round(Math.exp(v) - 1), "critical or high ticket")} in 90 days`,
  },
  {
    name: "ticket_rate",
    driver: "support pain",
    sql: "ln(1 + coalesce(t.tickets, 0))",
    label: "tickets of the last 90 days",
    words: (v) => `${plural(Math.round(Math.exp(v) - 1), "ticket")} in 90 days`,
  },
  {
    name: "csat",
    driver: "support pain",
    sql: "coalesce(t.csat, 4.1)",
    label: "satisfaction with support in the last 180 days",
    words: (v) => `support satisfaction of ${v.toFixed(1)} out of 5`,
  },
  {
    name: "overdue_invoices",
    driver: "billing problems",
    sql: "coalesce(i.overdue, 0)",
    label: "overdue invoices",
    words: (v) => plural(v, "overdue invoice"),
  },
  {
    name: "late_payments",
    driver: "billing problems",
    sql: "coalesce(i.late, 0)",
    label: "invoices paid late in the last 120 days",
    words: (v) => `${plural(v, "invoice")} paid late`,
  },
  {
    name: "no_sponsor",
    driver: "no executive sponsor",
    sql: "CASE WHEN c.executive_sponsor THEN 0 ELSE 1 END",
    label: "no executive sponsor",
    words: (v) => (v > 0 ? "no executive sponsor" : "an executive sponsor"),
  },
  {
    name: "price_increase",
    driver: "price increase",
    sql: "coalesce(p.uplift, 0)",
    label: "price increase in the last six months, in percent",
    words: (v) => (v > 0 ? `a price increase of ${v} % in the last six months` : "no recent price increase"),
  },
  {
    name: "competitor",
    driver: "competitor",
    sql: "CASE WHEN c.competitor_since <= DATE '{day}' THEN 1 ELSE 0 END",
    label: "a competitor is being evaluated",
    words: (v) => (v > 0 ? "a competitor is being evaluated" : "no known competitor"),
  },
  {
    name: "early_tenure",
    driver: "early tenure",
    sql: "CASE WHEN date_diff('month', c.signup_date, DATE '{day}') <= 9 THEN 1 ELSE 0 END",
    label: "customer for nine months or less",
    words: (v) => (v > 0 ? "a customer for nine months or less" : "a customer for more than nine months"),
  },
  {
    name: "enterprise",
    driver: "profile",
    sql: "CASE WHEN c.segment = 'Enterprise' THEN 1 ELSE 0 END",
    label: "enterprise segment",
    words: (v) => (v > 0 ? "enterprise segment" : "not an enterprise"),
  },
  {
    name: "small_business",
    driver: "profile",
    sql: "CASE WHEN c.segment = 'Small Business' THEN 1 ELSE 0 END",
    label: "small business segment",
    words: (v) => (v > 0 ? "small business segment" : "not a small business"),
  },
];

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
      count(*) FILTER (WHERE paid_on > due_on AND paid_on <= DATE '{day}') AS late
    FROM invoices WHERE due_on > DATE '{day}' - 120 GROUP BY customer_id
  ) i ON i.customer_id = c.customer_id
  LEFT JOIN (
    SELECT customer_id, max(price_increase_pct) AS uplift FROM subscriptions
    WHERE month > DATE '{day}' - INTERVAL 6 MONTH AND month <= DATE '{day}' GROUP BY customer_id
  ) p ON p.customer_id = c.customer_id
  WHERE s.month = date_trunc('month', DATE '{day}') AND s.status = 'active'`.replaceAll("{day}", day);
}
