/** The real company for tests: made once per version in the temporary folder and shared by the test files. */
import { tmpdir } from "node:os";
import path from "node:path";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company, SqlResult } from "../../sandbox/company/contract.ts";

export function openCompany(): Promise<Company> {
  return createCompany({ cacheDir: path.join(tmpdir(), "quillhaven-tests") });
}

/** Rows with numbers as numbers, sorted, so that results can be compared whatever their order and notation. */
export function comparable(result: SqlResult): (string | number | null)[][] {
  const rows = result.rows.map((row) => row.map((cell) => (isNumber(cell) ? Number(Number(cell).toFixed(4)) : cell)));
  return rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
} // prettier-ignore

function isNumber(cell: string | null): cell is string {
  return cell !== null && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(cell);
}
