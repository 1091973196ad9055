/** SQL that makes the customers and, month by month, what will move them: usage, support, payment, prices. */
import { FIRST_MONTH, TODAY } from "../calendar.ts";
import { INDUSTRIES, REGIONS } from "./names.ts";

/** List prices in US dollars per seat and month; the pricing policy states the same. */
export const LIST_PRICES = { Essentials: 18, Standard: 28, Advanced: 42, Premier: 60 } as const;

/**
 * `u(salt, a, b)` is uniform on [0, 1) and a pure function of the seed and its arguments. The outer hash matters:
 * DuckDB combines arguments by exclusive or, so that one hash alone would give strongly dependent numbers.
 */
export function randomMacros(seed: number): string {
  return `
    CREATE TEMP MACRO u(salt, a, b) AS (hash(hash(salt, ${seed}, a, b)) >> 11) / 9007199254740992.0;
    CREATE TEMP MACRO bell(salt, a, b) AS
      sqrt(-2 * ln(u(salt || '/r', a, b) + 1e-12)) * cos(6.283185307179586 * u(salt || '/a', a, b));
    CREATE TEMP MACRO pick(list, x) AS list[1 + CAST(floor(x * len(list)) AS INTEGER)];`;
}

const quoted = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(", ")}]`;

function byKey(column: string, entries: [string, readonly string[]][], draw: string): string {
  const whens = entries.map(([key, values]) => `WHEN '${key}' THEN pick(${quoted(values)}, ${draw})`);
  return `CASE ${column} ${whens.join(" ")} END`;
}

const regions = Object.entries(REGIONS);

/** Needs the temporary table `stems(id, stem)`; leaves `seeds`, one row per customer with its hidden traits. */
export const SEEDS = `
  CREATE TEMP TABLE seeds AS
  WITH drawn AS (
    SELECT id, stem,
      CASE WHEN u('segment', id, 0) < 0.11 THEN 'Enterprise' WHEN u('segment', id, 0) < 0.41 THEN 'Mid-Market'
        ELSE 'Small Business' END AS segment,
      CASE WHEN u('region', id, 0) < 0.38 THEN 'EMEA' WHEN u('region', id, 0) < 0.80 THEN 'AMER'
        ELSE 'APAC' END AS region,
      pick(${quoted(Object.keys(INDUSTRIES))}, u('industry', id, 0)) AS industry,
      CAST(CASE WHEN u('new', id, 0) < 0.68
        THEN DATE '2021-01-04' + CAST(floor(u('signup', id, 0) * 1365) AS INTEGER)
        ELSE DATE '${FIRST_MONTH}' + CAST(floor(u('signup', id, 0) * 729) AS INTEGER) END AS DATE) AS signup_date
    FROM stems
  )
  SELECT id AS customer_id,
    stem || ' ' || ${byKey("industry", Object.entries(INDUSTRIES), "u('second', id, 0)")} AS name,
    segment, region, industry, signup_date,
    ${byKey(
      "region",
      regions.map(([key, r]) => [key, r.countries]),
      "pow(u('country', id, 0), 1.5)",
    )} AS country,
    ${byKey(
      "region",
      regions.map(([key, r]) => [key, r.owners]),
      "u('owner', id, 0)",
    )} AS account_owner,
    CASE segment
      WHEN 'Enterprise' THEN pick(['Advanced', 'Advanced', 'Premier', 'Premier', 'Premier'], u('plan', id, 0))
      WHEN 'Mid-Market' THEN pick(['Standard', 'Standard', 'Advanced', 'Advanced', 'Premier'], u('plan', id, 0))
      ELSE pick(['Essentials', 'Essentials', 'Essentials', 'Standard', 'Advanced'], u('plan', id, 0)) END AS plan,
    CASE segment
      WHEN 'Enterprise' THEN 140 + floor(pow(u('seats', id, 0), 2) * 760)
      WHEN 'Mid-Market' THEN 25 + floor(pow(u('seats', id, 0), 1.5) * 110)
      ELSE 3 + floor(pow(u('seats', id, 0), 1.5) * 21) END AS seats0,
    u('sponsor', id, 0) < CASE segment WHEN 'Enterprise' THEN 0.72 WHEN 'Mid-Market' THEN 0.58 ELSE 0.40 END
      AS executive_sponsor,
    0.42 + 0.5 * u('utilisation', id, 0) AS utilisation,
    CASE WHEN u('decline', id, 0) < 0.50 THEN -12 + floor(u('decline at', id, 0) * 37) END AS decline_from,
    0.30 + 0.60 * u('decline by', id, 0) AS decline_by,
    u('recovers', id, 0) < 0.45 AS recovers,
    CASE WHEN u('trouble', id, 0) < 0.38 THEN -4 + floor(u('trouble at', id, 0) * 29) END AS trouble_from,
    3 + floor(u('trouble for', id, 0) * 4) AS trouble_months,
    CASE WHEN u('late', id, 0) < 0.30 THEN -4 + floor(u('late at', id, 0) * 29) END AS late_from,
    2 + floor(u('late for', id, 0) * 4) AS late_months,
    CASE WHEN u('rival', id, 0) < 0.18 THEN -11 + floor(u('rival at', id, 0) * 36) END AS rival_from,
    pick(['Wexcore', 'Tallymark', 'Opsidian'], u('rival name', id, 0)) AS rival
  FROM drawn ORDER BY id;`;

/** `life`: one row per customer and month after signup, with the monthly hazard of leaving. */
export const LIFE = `
  CREATE TEMP TABLE life AS
  WITH months AS (
    SELECT s.*, m, CAST(DATE '${FIRST_MONTH}' + to_months(CAST(m - 1 AS INTEGER)) AS DATE) AS month
    FROM seeds s, range(1, 25) r(m)
  ), states AS (
    SELECT *, date_diff('month', signup_date, month) AS tenure,
      CASE WHEN decline_from IS NULL OR m < decline_from OR (recovers AND m > decline_from + 9) THEN 0
        ELSE least((m - decline_from + 1) / 5.0, 1) * decline_by END AS decline,
      coalesce(m BETWEEN trouble_from AND trouble_from + trouble_months, false) AS trouble,
      coalesce(m BETWEEN late_from AND late_from + late_months, false) AS late,
      coalesce(m BETWEEN trouble_from + 1 AND trouble_from + trouble_months + 3, false) AS annoyed,
      coalesce(m BETWEEN late_from + 1 AND late_from + late_months + 4, false) AS strapped,
      coalesce(m >= rival_from, false) AS rivalled,
      CASE WHEN month(signup_date) = month(month) AND year(month) > year(signup_date)
        THEN pick([0, 3, 3, 5, 5, 7, 9], u('uplift', customer_id, m)) ELSE 0 END AS uplift_pct
    FROM months WHERE signup_date < month + INTERVAL 1 MONTH
  ), moving AS (
    SELECT *,
      sum(ln(1 + uplift_pct / 100.0)) OVER past AS price_log,
      sum(CASE WHEN tenure < 3 THEN 0 WHEN u('grow', customer_id, m) < 0.045 * (1 - decline) THEN 0.09
        WHEN u('shrink', customer_id, m) < 0.012 + 0.12 * decline THEN -0.12 ELSE 0 END) OVER past AS seats_log,
      max(uplift_pct) OVER (PARTITION BY customer_id ORDER BY m ROWS 5 PRECEDING) AS recent_uplift
    FROM states WINDOW past AS (PARTITION BY customer_id ORDER BY m)
  )
  SELECT *, greatest(2, round(seats0 * exp(seats_log))) AS seats,
    1 / (1 + exp(-(-6.6 + 4.9 * decline + CASE WHEN annoyed THEN 1.7 ELSE 0 END
      + CASE WHEN strapped THEN 1.6 ELSE 0 END + CASE WHEN rivalled THEN 1.0 ELSE 0 END
      + CASE WHEN tenure <= 9 THEN 0.8 ELSE 0 END + CASE WHEN executive_sponsor THEN -0.6 ELSE 0 END
      + CASE WHEN recent_uplift >= 7 THEN 0.9 WHEN recent_uplift >= 5 THEN 0.4 ELSE 0 END
      + CASE segment WHEN 'Enterprise' THEN -0.2 WHEN 'Small Business' THEN 0.3 ELSE 0 END))) AS hazard
  FROM moving;
  CREATE TEMP TABLE leavers AS
  SELECT customer_id, min(m) AS last_m FROM life
  WHERE tenure >= 2 AND u('leave', customer_id, m) < hazard GROUP BY customer_id;`;

/** `customers` and `subscriptions` (a row per customer and month; the month of leaving has status 'churned'). */
export const CUSTOMERS = `
  CREATE TABLE subscriptions AS
  WITH priced AS (
    SELECT l.*, CASE plan ${Object.entries(LIST_PRICES)
      .map(([plan, price]) => `WHEN '${plan}' THEN ${price}`)
      .join(" ")} END * exp(price_log)
      * CASE WHEN seats >= 600 THEN 0.75 WHEN seats >= 300 THEN 0.82 WHEN seats >= 100 THEN 0.90 ELSE 1 END AS price,
      last_m
    FROM life l LEFT JOIN leavers USING (customer_id) WHERE m <= coalesce(last_m, 24)
  )
  SELECT customer_id, month, plan, CAST(seats AS INTEGER) AS seats,
    CAST(round(seats * price, 2) AS DECIMAL(12, 2)) AS mrr,
    CASE WHEN m = last_m THEN 'churned' ELSE 'active' END AS status,
    date_trunc('month', signup_date) = month AS is_new, CAST(uplift_pct AS INTEGER) AS price_increase_pct
  FROM priced ORDER BY customer_id, month;

  CREATE TABLE customers AS
  SELECT s.customer_id, name, segment, region, country, industry, plan, signup_date, account_owner,
    executive_sponsor,
    CASE WHEN rival_from <= coalesce(last_m, 24) THEN rival END AS competitor,
    CASE WHEN rival_from <= coalesce(last_m, 24) THEN CAST(greatest(signup_date, DATE '${FIRST_MONTH}'
      + to_months(CAST(rival_from - 1 AS INTEGER)) + to_days(CAST(floor(u('rival day', s.customer_id, 0) * 28) AS INTEGER)))
      AS DATE) END AS competitor_since,
    CASE WHEN last_m IS NULL THEN 'active' ELSE 'churned' END AS status,
    CASE WHEN last_m IS NOT NULL THEN CAST(DATE '${FIRST_MONTH}' + to_months(CAST(last_m - 1 AS INTEGER))
      + to_days(CAST(floor(u('leave day', s.customer_id, 0) * 28) AS INTEGER)) AS DATE) END AS churned_on,
    CASE WHEN last_m IS NULL THEN CAST(signup_date + to_years(CAST(1 + date_sub('year', signup_date, DATE '${TODAY}')
      AS INTEGER)) AS DATE) END AS renewal_date
  FROM seeds s LEFT JOIN leavers l USING (customer_id) ORDER BY s.customer_id;`;
