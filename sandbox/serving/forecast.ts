/** The custom model `revenue-forecast-endpoint`: monthly recurring revenue by a straight line through its history. */
import type { Request, Response } from "express";
import type { Company } from "../company/contract.ts";
import { badRequest } from "../http/errors.ts";
import type { SandboxState } from "../state.ts";
import type { ServingEndpoint } from "./endpoints.ts";
import { trend } from "./trend.ts";

/** Months of history that the line is fitted to. */
const HISTORY_MONTHS = 12;

const MRR_BY_MONTH = `
  SELECT CAST(month AS VARCHAR) AS month, SUM(mrr) AS mrr
  FROM subscriptions WHERE status = 'active' GROUP BY month ORDER BY month DESC LIMIT ${HISTORY_MONTHS}`;

interface Forecast {
  month: string;
  months_ahead: number;
  forecast_mrr: number;
}

/**
 * Takes `{dataframe_records: [record]}`, `{dataframe_split: {columns, data}}` or `{inputs: record or list}`, where a
 * record holds `months_ahead` (1 to 24) or a `question` that names the horizon. Answers one prediction per record.
 */
export async function answerForecast(
  state: SandboxState,
  _target: ServingEndpoint,
  req: Request,
  res: Response,
): Promise<void> {
  const horizons = recordsOf(req.body as Record<string, unknown>).map(horizonOf);
  const forecast = await mrrForecast(state.company);
  res.json({ predictions: horizons.map((months) => forecast(months)) });
}

async function mrrForecast(company: Company): Promise<(months: number) => Forecast> {
  const { rows } = await company.sql(MRR_BY_MONTH);
  const history = rows.toReversed();
  const line = trend(history.map(([, mrr]) => Number(mrr)));
  const last = history.at(-1)?.[0] ?? "";
  return (months_ahead) => ({
    month: monthAfter(last, months_ahead),
    months_ahead,
    forecast_mrr: Math.round(line(history.length - 1 + months_ahead) * 100) / 100,
  });
}

function recordsOf(body: Record<string, unknown>): unknown[] {
  const { dataframe_records, dataframe_split, inputs } = body;
  if (Array.isArray(dataframe_records)) return dataframe_records;
  if (isSplit(dataframe_split)) {
    const { columns, data } = dataframe_split;
    return data.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
  }
  if (Array.isArray(inputs)) return inputs;
  if (typeof inputs === "object" && inputs !== null) return [inputs];
  const keys = "dataframe_split, dataframe_records, instances, inputs";
  throw badRequest(
    `Invalid input. The input must be a JSON dictionary with exactly one of: ${keys}.`,
    "BAD_REQUEST",
  );
}

function isSplit(value: unknown): value is { columns: string[]; data: unknown[][] } {
  const { columns, data } = (value ?? {}) as { columns?: unknown; data?: unknown };
  return Array.isArray(columns) && Array.isArray(data);
}

function horizonOf(record: unknown): number {
  const { months_ahead, question } = (record ?? {}) as { months_ahead?: unknown; question?: unknown };
  const months = typeof question === "string" ? horizonInWords(question) : Number(months_ahead ?? record);
  if (Number.isInteger(months) && months >= 1 && months <= 24) return months;
  throw badRequest("Model input needs column months_ahead, a whole number from 1 to 24.", "BAD_REQUEST");
}

const UNIT_MONTHS: Record<string, number> = { month: 1, quarter: 3, year: 12 };

/** "in 2 quarters" is 6, "next year" is 12; a quarter where nothing is said. */
function horizonInWords(question: string): number {
  const found = /(\d+)?\s*(month|quarter|year)s?\b/i.exec(question);
  return Number(found?.[1] ?? 1) * (UNIT_MONTHS[found?.[2]?.toLowerCase() ?? "quarter"] ?? 3);
}

function monthAfter(month: string, count: number): string {
  const date = new Date(`${month.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 10);
}
