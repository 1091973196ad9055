/** Tables of an answer's structured part, and how amounts are written. */

export interface Column {
  name: string;
  type: "STRING" | "LONG" | "DOUBLE" | "DECIMAL" | "DATE";
}

export interface Table {
  title: string;
  columns: Column[];
  rows: (string | number | null)[][];
}

/** "1234.50": two decimals, no thousands separators, so that text and rows are the same. */
export function money(amount: number): string {
  return amount.toFixed(2);
}

export function percentage(share: number): string {
  return (share * 100).toFixed(1);
}
