/** All customers by name: finds those that a text names, wherever they stand in it. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { query } from "./data/query.ts";
import { TYPED_WORDS, fewestSlips } from "./spelling.ts";

const COLUMNS = ["name", "segment", "region", "country", "industry", "plan", "account_owner", "executive_sponsor", "competitor", "status"] as const; // prettier-ignore

/** A row of the customers table, cells as text; empty where there is no value. */
export type Customer = { id: number } & Record<(typeof COLUMNS)[number], string>;

export interface Mention {
  customer: Customer;
  start: number;
  end: number;
}

/** Shorter words, and words in small letters, are too close to others. */
const LONG_NAME = /^\p{Lu}\p{Ll}{7,}$/u;

export class Directory {
  readonly all: readonly Customer[];
  readonly #byStem: ReadonlyMap<string, Customer>;

  constructor(customers: readonly Customer[]) {
    this.all = customers;
    this.#byStem = new Map(customers.map((c) => [stemOf(c), c]));
  }

  /** Every mention, in order. The first word of a name is unique and suffices. */
  mentions(text: string): Mention[] {
    const words = [...text.matchAll(/\p{L}+/gu)];
    // A long text is no question that somebody typed.
    const isTyped = words.length <= TYPED_WORDS;
    return words.flatMap((match) => {
      const known = this.#byStem.get(match[0].toLowerCase());
      const customer = known ?? (isTyped ? this.#misspelt(match[0]) : undefined);
      if (!customer) return [];
      const rest = customer.name.slice(stemOf(customer).length);
      const end = match.index + match[0].length;
      const isFull = text.slice(end, end + rest.length).toLowerCase() === rest.toLowerCase();
      return [{ customer, start: match.index, end: isFull ? end + rest.length : end }];
    });
  }

  /** "Otterquary": the one name that is a slip away. */
  #misspelt(word: string): Customer | undefined {
    if (!LONG_NAME.test(word)) return undefined;
    const stem = fewestSlips(word.toLowerCase(), [...this.#byStem.keys()]);
    return stem === null ? undefined : this.#byStem.get(stem);
  }

  /** The customers that the texts name, each once, in order of first mention. */
  named(...texts: string[]): Customer[] {
    return [...new Set(texts.flatMap((text) => this.mentions(text).map((mention) => mention.customer)))];
  }

  /** The text with blanks for the names, so that "… Bank" is no industry. */
  withoutNames(text: string): string {
    return this.mentions(text).reduce(
      (rest, { start, end }) => rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end),
      text,
    );
  }

  /** Names that begin like a word that is no customer. */
  similar(word: string, count = 3): string[] {
    const beginning = word.toLowerCase().slice(0, 5);
    return this.all
      .filter((c) => stemOf(c).startsWith(beginning))
      .slice(0, count)
      .map((c) => c.name);
  }
}

export async function loadDirectory(connection: DuckDBConnection): Promise<Directory> {
  const sql = `SELECT customer_id, ${COLUMNS.join(", ")} FROM customers ORDER BY customer_id`;
  const { rows } = await query(connection, sql);
  return new Directory(
    rows.map(([id, ...cells]) => {
      const named = Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i] ?? ""]));
      return { id: Number(id), ...(named as Record<(typeof COLUMNS)[number], string>) };
    }),
  );
}

function stemOf({ name }: Customer): string {
  return (/^\p{L}+/u.exec(name)?.[0] ?? "").toLowerCase();
}
