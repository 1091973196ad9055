/** All customers by name: finds those that a text names, wherever they stand in it. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { query } from "./data/query.ts";
import { wordsOf } from "./words.ts";

export interface Customer {
  id: number;
  name: string;
  segment: string;
  region: string;
  country: string;
  industry: string;
  plan: string;
  account_owner: string;
  executive_sponsor: string;
  competitor: string;
  status: string;
}

export interface Mention {
  customer: Customer;
  start: number;
  end: number;
}

export class Directory {
  readonly all: readonly Customer[];
  readonly #byStem: ReadonlyMap<string, Customer>;

  constructor(customers: readonly Customer[]) {
    this.all = customers;
    this.#byStem = new Map(customers.map((c) => [stemOf(c.name), c]));
  }

  /** Every mention, in order. The first word of a name is unique and suffices. */
  mentions(text: string): Mention[] {
    return [...text.matchAll(/\p{L}+/gu)].flatMap((match) => {
      const customer = this.#byStem.get(match[0].toLowerCase());
      if (!customer) return [];
      const full = text.slice(match.index, match.index + customer.name.length);
      const end = match.index + (full.toLowerCase() === customer.name.toLowerCase() ? full : match[0]).length;
      return [{ customer, start: match.index, end }];
    });
  }

  /** The customers that the texts name, each once, in order of first mention. */
  named(...texts: string[]): Customer[] {
    return [...new Set(texts.flatMap((text) => this.mentions(text).map((mention) => mention.customer)))];
  }

  /** Names that begin like a word that is no customer. */
  similar(word: string, count = 3): string[] {
    const key = word.toLowerCase();
    const near = this.all.filter((c) => stemOf(c.name).startsWith(key.slice(0, 5)));
    return near.slice(0, count).map((c) => c.name);
  }
}

const COLUMNS = ["name", "segment", "region", "country", "industry", "plan", "account_owner", "executive_sponsor", "competitor", "status"] as const; // prettier-ignore

export async function loadDirectory(connection: DuckDBConnection): Promise<Directory> {
  const { rows } = await query(
    connection,
    `SELECT customer_id, ${COLUMNS.join(", ")} FROM customers ORDER BY 1`,
  );
  return new Directory(
    rows.map(([id, ...cells]) => {
      const cell = (column: (typeof COLUMNS)[number]) => cells[COLUMNS.indexOf(column)] ?? "";
      return { id: Number(id), ...columnsOf(cell) };
    }),
  );
}

function columnsOf(cell: (column: (typeof COLUMNS)[number]) => string): Omit<Customer, "id"> {
  return {
    name: cell("name"),
    segment: cell("segment"),
    region: cell("region"),
    country: cell("country"),
    industry: cell("industry"),
    plan: cell("plan"),
    account_owner: cell("account_owner"),
    executive_sponsor: cell("executive_sponsor"),
    competitor: cell("competitor"),
    status: cell("status"),
  };
}

function stemOf(name: string): string {
  return (wordsOf(name)[0]?.raw ?? "").toLowerCase();
}
