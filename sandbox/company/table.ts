/** Tables of an answer's structured part, and how amounts are written. */

type Cell = string | number | null;

export interface Table {
  title: string;
  columns: { name: string; type: string }[];
  rows: Cell[][];
}

/** `layout` names the columns as "customer:STRING mrr:DECIMAL". */
export function tableOf(title: string, layout: string, rows: Cell[][]): Table {
  const columns = layout.split(/\s+/).map((column) => {
    const [name = "", type = ""] = column.split(":");
    return { name, type };
  });
  return { title, columns, rows };
}

/** "1234.50": two decimals, no thousands separators, so that text and rows are the same. */
export function money(amount: number): string {
  return amount.toFixed(2);
}

/** A share as "12.3", in percent. */
export function percentage(share: number): string {
  return (share * 100).toFixed(1);
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
