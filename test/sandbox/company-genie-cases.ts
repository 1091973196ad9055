/** Questions in many wordings, each with SQL written by hand: the grammar's result must be the same. */

const ACTIVE = "f.status = 'active'";
const NOW = "f.month = DATE '2026-09-01'";
const JOINED = "subscriptions f JOIN customers c ON c.customer_id = f.customer_id";
const TICKETS = "support_tickets t JOIN customers c ON c.customer_id = t.customer_id";
const INVOICES = "invoices i JOIN customers c ON c.customer_id = i.customer_id";
const YEAR = "BETWEEN DATE '2025-10-01' AND DATE '2026-09-30'";

/** MRR at the end of September 2026 under a condition on `c`. */
const mrr = (where: string, by = "") =>
  `SELECT ${by ? `${by}, ` : ""}sum(f.mrr) FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND ${where}${by ? ` GROUP BY ${by}` : ""}`;

/** Churned over customers at the start, in percent. */
const churnRate = (by: string, from: string, to: string, where = "true") =>
  `WITH base AS (SELECT ${by} AS k, count(*) AS n FROM ${JOINED} WHERE f.month = DATE '${from}' AND f.status IS NOT NULL AND NOT f.is_new AND ${where} GROUP BY 1),
   gone AS (SELECT ${by} AS k, count(*) AS n FROM customers c WHERE c.churned_on BETWEEN DATE '${from}' AND DATE '${to}' AND ${where} GROUP BY 1)
   SELECT k, round(100.0 * coalesce(gone.n, 0) / base.n, 2) FROM base LEFT JOIN gone USING (k)`;

export const CASES: readonly [string, string][] = [
  ["What is our MRR?", mrr("true")],
  ["Could you please tell me what our monthly recurring revenue is right now?", mrr("true")],
  ["MRR by region", mrr("true", "c.region")],
  ["Show me MRR broken down by segment and plan", mrr("true", "c.segment, c.plan")],
  ["How much MRR do we have in Germany?", mrr("c.country = 'Germany'")],
  ["What's the MRR of our French enterprise customers?", mrr("c.country = 'France' AND c.segment = 'Enterprise'")],
  ["MRR in EMEA excluding Germany and Poland", mrr("c.region = 'EMEA' AND c.country NOT IN ('Germany', 'Poland')")],
  ["Total MRR for Banking and Insurance combined", mrr("c.industry IN ('Banking', 'Insurance')")],
  ["Compare MRR of banks and insurers", mrr("c.industry IN ('Banking', 'Insurance')", "c.industry")],
  ["ARR per account owner in APAC", `SELECT c.account_owner, sum(f.mrr) * 12 FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND c.region = 'APAC' GROUP BY 1`],
  ["What was MRR in March 2026?", `SELECT sum(mrr) FROM subscriptions WHERE status = 'active' AND month = DATE '2026-03-01'`],
  ["MRR at the end of 2025", `SELECT sum(mrr) FROM subscriptions WHERE status = 'active' AND month = DATE '2025-12-01'`],
  ["How did MRR develop by month in 2026?", `SELECT month, sum(mrr), round(100.0 * (sum(mrr) / lag(sum(mrr)) OVER (ORDER BY month) - 1), 2) FROM subscriptions WHERE status = 'active' AND month >= DATE '2026-01-01' GROUP BY month`],
  ["monthly MRR for the last 6 months by region", `SELECT f.month, c.region, sum(f.mrr) FROM ${JOINED} WHERE ${ACTIVE} AND f.month >= DATE '2026-04-01' GROUP BY ALL`],
  ["customer count at the end of each quarter", `SELECT year(month) || '-Q' || quarter(month), count(*) FROM subscriptions WHERE status = 'active' AND month(month) IN (3, 6, 9, 12) GROUP BY month`],
  ["How many customers do we have in the US on the Premier plan?", `SELECT count(*) FROM customers WHERE status = 'active' AND country = 'United States' AND plan = 'Premier'`],
  ["number of active small business customers per country in EMEA", `SELECT country, count(*) FROM customers WHERE status = 'active' AND segment = 'Small Business' AND region = 'EMEA' GROUP BY 1`],
  ["Average revenue per customer by industry", `SELECT c.industry, CAST(sum(f.mrr) / count(*) AS DECIMAL(18, 2)) FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} GROUP BY 1`],
  ["Top 5 customers by MRR in Japan", `SELECT c.name, f.mrr FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND c.country = 'Japan' ORDER BY f.mrr DESC LIMIT 5`],
  ["Who are our three biggest customers in Brazil by ARR?", `SELECT c.name, f.mrr * 12 FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND c.country = 'Brazil' ORDER BY f.mrr DESC LIMIT 3`],
  ["Which region has the highest churn rate?", churnRate("c.region", "2025-10-01", "2026-09-30")],
  ["churn rate by segment last quarter", churnRate("c.segment", "2026-04-01", "2026-06-30")],
  ["What was the customer churn rate by industry in 2025 for mid-market?", churnRate("c.industry", "2025-01-01", "2025-12-31", "c.segment = 'Mid-Market'")],
  ["How many enterprise customers churned last quarter?", `SELECT count(*) FROM customers WHERE segment = 'Enterprise' AND churned_on BETWEEN DATE '2026-04-01' AND DATE '2026-06-30'`],
  ["How many customers did we lose in Q3 2026?", `SELECT count(*) FROM customers WHERE churned_on BETWEEN DATE '2026-07-01' AND DATE '2026-09-30'`],
  ["new customers by month since January 2026", `SELECT CAST(date_trunc('month', signup_date) AS DATE), count(*) FROM customers WHERE signup_date >= DATE '2026-01-01' GROUP BY 1`],
  ["How many new logos did we win in APAC this year?", `SELECT count(*) FROM customers WHERE region = 'APAC' AND signup_date >= DATE '2026-01-01'`],
  ["How much revenue did we lose to churn in 2025?", `SELECT sum(f.mrr) FROM subscriptions f WHERE f.status = 'churned' AND year(f.month) = 2025`],
  ["Revenue in Q2 2026 by plan", `SELECT c.plan, sum(f.mrr) FROM ${JOINED} WHERE ${ACTIVE} AND f.month BETWEEN DATE '2026-04-01' AND DATE '2026-06-01' GROUP BY 1`],
  ["Compare Q1 2026 and Q2 2026 revenue", `SELECT a, b, round(100.0 * (b / a - 1), 2) FROM (SELECT sum(mrr) FILTER (WHERE month <= DATE '2026-03-01') AS a, sum(mrr) FILTER (WHERE month > DATE '2026-03-01') AS b FROM subscriptions WHERE status = 'active' AND month BETWEEN DATE '2026-01-01' AND DATE '2026-06-01')`],
  ["MRR growth year over year by region", `SELECT c.region, sum(f.mrr) FILTER (WHERE f.month = DATE '2025-09-01') AS a, sum(f.mrr) FILTER (WHERE ${NOW}) AS b, round(100.0 * (b / a - 1), 2) FROM ${JOINED} WHERE ${ACTIVE} GROUP BY 1`],
  ["revenue this quarter compared to last quarter", `SELECT a, b, round(100.0 * (b / a - 1), 2) FROM (SELECT sum(mrr) FILTER (WHERE month < DATE '2026-07-01') AS a, sum(mrr) FILTER (WHERE month >= DATE '2026-07-01') AS b FROM subscriptions WHERE status = 'active' AND month >= DATE '2026-04-01')`],
  ["What share of MRR comes from each region?", `SELECT c.region, sum(f.mrr), round(100.0 * sum(f.mrr) / (${mrr("true")}), 2) FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} GROUP BY 1`],
  ["Net revenue retention by segment", `SELECT c.segment, round(100.0 * sum(n.mrr) / sum(f.mrr), 2) FROM ${JOINED} LEFT JOIN subscriptions n ON n.customer_id = f.customer_id AND n.month = DATE '2026-09-01' AND n.status = 'active' WHERE ${ACTIVE} AND f.month = DATE '2025-09-01' GROUP BY 1`],
  ["How many open tickets are there by severity?", `SELECT severity, count(*) FROM support_tickets WHERE status <> 'closed' GROUP BY 1`],
  ["open critical tickets per account owner", `SELECT c.account_owner, count(*) FROM ${TICKETS} WHERE t.status <> 'closed' AND t.severity = 'Critical' GROUP BY 1`],
  ["How many critical tickets did enterprise customers open since March 2026?", `SELECT count(*) FROM ${TICKETS} WHERE t.severity = 'Critical' AND c.segment = 'Enterprise' AND t.opened_on >= DATE '2026-03-01'`],
  ["ticket volume by category and severity in August 2026", `SELECT category, severity, count(*) FROM support_tickets WHERE opened_on BETWEEN DATE '2026-08-01' AND DATE '2026-08-31' GROUP BY ALL`],
  ["How satisfied were customers in EMEA per ticket category last quarter?", `SELECT t.category, round(avg(t.csat), 2) FROM ${TICKETS} WHERE c.region = 'EMEA' AND t.opened_on BETWEEN DATE '2026-04-01' AND DATE '2026-06-30' GROUP BY 1`],
  ["average resolution time of billing tickets by region", `SELECT c.region, round(avg(date_diff('day', t.opened_on, t.closed_on)), 2) FROM ${TICKETS} WHERE t.category = 'Billing' AND t.opened_on ${YEAR} GROUP BY 1`],
  ["How many invoices are overdue?", `SELECT count(*) FROM invoices WHERE status = 'overdue'`],
  ["unpaid enterprise invoices in APAC", `SELECT count(*) FROM ${INVOICES} WHERE i.status = 'overdue' AND c.segment = 'Enterprise' AND c.region = 'APAC'`],
  ["total overdue amount by country, top 3", `SELECT c.country, sum(i.amount) FROM ${INVOICES} WHERE i.status = 'overdue' GROUP BY 1 ORDER BY 2 DESC LIMIT 3`],
  ["How much do our Swedish customers owe us?", `SELECT sum(i.amount) FROM ${INVOICES} WHERE i.status = 'overdue' AND c.country = 'Sweden'`],
  ["How much did we invoice in H1 2026 per segment?", `SELECT c.segment, sum(i.amount) FROM ${INVOICES} WHERE i.issued_on BETWEEN DATE '2026-01-01' AND DATE '2026-06-30' GROUP BY 1`],
  ["days to payment by segment in 2025", `SELECT c.segment, round(avg(date_diff('day', i.issued_on, i.paid_on)), 2) FROM ${INVOICES} WHERE year(i.issued_on) = 2025 GROUP BY 1`],
  ["How many customers have overdue invoices?", `SELECT count(*) FROM customers c WHERE status = 'active' AND EXISTS (FROM invoices i WHERE i.customer_id = c.customer_id AND i.status = 'overdue')`],
  ["average MRR of customers without open tickets by segment", `SELECT c.segment, CAST(avg(f.mrr) AS DECIMAL(18, 2)) FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND NOT EXISTS (FROM support_tickets t WHERE t.customer_id = c.customer_id AND t.status <> 'closed') GROUP BY 1`],
  ["MRR of customers with more than 2 open tickets", mrr("(SELECT count(*) FROM support_tickets t WHERE t.customer_id = c.customer_id AND t.status <> 'closed') > 2")],
  ["How many mid-market customers in the energy industry have MRR above 2,500?", `SELECT count(*) FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND c.segment = 'Mid-Market' AND c.industry = 'Energy' AND f.mrr > 2500`],
  ["Which industries have a churn rate above 18%?", `SELECT * FROM (${churnRate("c.industry", "2025-10-01", "2026-09-30")}) r(k, rate) WHERE rate > 18`],
  ["total usage events in EMEA last quarter by feature", `SELECT u.feature, sum(u.events) FROM usage u JOIN customers c USING (customer_id) WHERE c.region = 'EMEA' AND u.week BETWEEN DATE '2026-04-01' AND DATE '2026-06-30' GROUP BY 1`],
  ["weekly active users in the retail industry in Q1 2026", `SELECT round(1.0 * sum(u.active_users) / count(DISTINCT u.week), 1) FROM usage u JOIN customers c USING (customer_id) WHERE c.industry = 'Retail' AND u.week BETWEEN DATE '2026-01-01' AND DATE '2026-03-31'`],
  ["usage change by plan", `SELECT c.plan, round(100.0 * (sum(events) FILTER (WHERE week >= DATE '2026-07-01') / sum(events) FILTER (WHERE week < DATE '2026-07-01') - 1), 2) FROM usage u JOIN customers c USING (customer_id) WHERE week >= DATE '2026-04-01' GROUP BY 1`],
  ["How much MRR is up for renewal next quarter by segment?", `SELECT c.segment, sum(f.mrr) FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND c.renewal_date BETWEEN DATE '2026-10-01' AND DATE '2026-12-31' GROUP BY 1`],
  ["How many customers are evaluating a competitor?", `SELECT count(*) FROM customers WHERE status = 'active' AND competitor IS NOT NULL`],
  ["number of customers without an executive sponsor per region", `SELECT region, count(*) FROM customers WHERE status = 'active' AND NOT executive_sponsor GROUP BY 1`],
  ["Give me customers, MRR and churned customers for each region in Q3 2026", `SELECT c.region, count(*) FILTER (WHERE f.status = 'active' AND ${NOW}), sum(f.mrr) FILTER (WHERE f.status = 'active' AND ${NOW}), count(*) FILTER (WHERE f.status = 'churned' AND f.month BETWEEN DATE '2026-07-01' AND DATE '2026-09-01') FROM ${JOINED} GROUP BY 1`],
  ["List the top 3 customers per region by MRR", `SELECT c.name, c.region, f.mrr FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} QUALIFY row_number() OVER (PARTITION BY c.region ORDER BY f.mrr DESC) <= 3`],
  ["MRR at the beginning of 2026", `SELECT sum(mrr) FROM subscriptions WHERE status = 'active' AND month = DATE '2026-01-01'`],
  ["Which region has more customers, EMEA or APAC?", `SELECT region, count(*) FROM customers WHERE status = 'active' AND region IN ('EMEA', 'APAC') GROUP BY 1`],
  ["What did Sablehurst Market complain about in 2026?", `SELECT c.name, array_to_string(list(t.description ORDER BY t.opened_on DESC, t.ticket_id DESC)[1:5], ' | ') FROM ${TICKETS} WHERE c.name = 'Sablehurst Market' AND t.opened_on >= DATE '2026-01-01' GROUP BY 1`],
  ["Which three account managers look after the most enterprise customers?", `SELECT account_owner, count(*) FROM customers WHERE status = 'active' AND segment = 'Enterprise' GROUP BY 1 ORDER BY 2 DESC LIMIT 3`],
  ["Which customers in the UK have not paid their invoices?", `SELECT c.name, count(*) FROM ${INVOICES} WHERE i.status = 'overdue' AND c.country = 'United Kingdom' GROUP BY 1`],
  ["Which industry uses Automations the most?", `SELECT c.industry, sum(u.events) FROM usage u JOIN customers c USING (customer_id) WHERE u.feature = 'Automations' AND u.week BETWEEN DATE '2026-07-01' AND DATE '2026-09-30' GROUP BY 1`],
  ["How many customers pay more than 5,000 USD per month?", `SELECT count(*) FROM subscriptions f WHERE ${ACTIVE} AND ${NOW} AND f.mrr > 5000`],
  ["Which segment lost the most MRR last quarter?", `SELECT c.segment, sum(f.mrr) FROM ${JOINED} WHERE f.status = 'churned' AND f.month BETWEEN DATE '2026-04-01' AND DATE '2026-06-01' GROUP BY 1`],
  ["How many customers did we gain and lose each month in 2026?", `SELECT month, count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE status = 'churned') FROM subscriptions WHERE month >= DATE '2026-01-01' GROUP BY 1`],
  ["Which competitor shows up most often?", `SELECT competitor, count(*) FROM customers WHERE status = 'active' AND competitor IS NOT NULL GROUP BY 1`],
  ["Who has the highest MRR?", `SELECT c.name, f.mrr FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} ORDER BY f.mrr DESC LIMIT 1`],
  ["What is the trend in churned customers since the start of 2025?", `SELECT month, count(*) FROM subscriptions WHERE status = 'churned' AND month >= DATE '2025-01-01' GROUP BY 1`],
  ["renewals by month", `SELECT CAST(date_trunc('month', renewal_date) AS DATE), count(*) FROM customers WHERE status = 'active' AND renewal_date <= DATE '2027-09-30' GROUP BY 1`],
  ["How much MRR is at stake in Q4 renewals?", mrr("c.renewal_date BETWEEN DATE '2026-10-01' AND DATE '2026-12-31'")],
  [
    "What are MRR, open tickets and overdue invoices for customers Otterquarry Press, Velvethythe Grid and Dorrankeep Capital?",
    `SELECT c.name, f.mrr, (SELECT count(*) FROM support_tickets t WHERE t.customer_id = c.customer_id AND t.status <> 'closed'), (SELECT count(*) FROM invoices i WHERE i.customer_id = c.customer_id AND i.status = 'overdue')
     FROM ${JOINED} WHERE ${ACTIVE} AND ${NOW} AND c.name IN ('Otterquarry Press', 'Velvethythe Grid', 'Dorrankeep Capital')`,
  ],
  [
    "For the following customers, please list segment, renewal date, CSAT and total invoiced amount in 2026: Otterquarry Press, Velvethythe Grid",
    `SELECT c.name, c.segment, c.renewal_date, (SELECT round(avg(csat), 2) FROM support_tickets t WHERE t.customer_id = c.customer_id AND opened_on >= DATE '2026-01-01'), (SELECT sum(amount) FROM invoices i WHERE i.customer_id = c.customer_id AND issued_on >= DATE '2026-01-01')
     FROM customers c WHERE c.name IN ('Otterquarry Press', 'Velvethythe Grid')`,
  ],
  [
    "Which customers churned in August 2026 in AMER?",
    `SELECT c.name, c.segment, c.region, c.churned_on, f.mrr FROM ${JOINED} WHERE f.status = 'churned' AND c.region = 'AMER' AND c.churned_on BETWEEN DATE '2026-08-01' AND DATE '2026-08-31'`,
  ],
  [
    "List enterprise customers in Germany with more than 2 open tickets",
    `SELECT c.name, c.segment, c.region, c.country, c.plan, f.mrr, t.n FROM ${JOINED} JOIN (SELECT customer_id, count(*) AS n FROM support_tickets WHERE status <> 'closed' GROUP BY 1) t ON t.customer_id = c.customer_id
     WHERE ${ACTIVE} AND ${NOW} AND c.segment = 'Enterprise' AND c.country = 'Germany' AND t.n > 2`,
  ],
]; // prettier-ignore
