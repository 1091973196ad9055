/** Shows the rows of a table: numbers to the right, grouped, with the same decimals down a column. */
import { element } from "./dom.js";

const NUMBER = /^[-\u2212]?\d+(?:\.\d+)?$/;

/**
 * @param {string[]} header
 * @param {any[][]} rows
 */
export function rowsView(header, rows) {
  const columns = header.map((name, i) =>
    columnOf(
      name,
      rows.map((row) => row[i]),
    ),
  );
  const head = header.map((name, i) =>
    element("th", { scope: "col", class: columns[i]?.numeric ? "right" : null }, name),
  );
  const body = rows.map((row) =>
    element(
      "tr",
      {},
      ...columns.map((column, i) =>
        element(
          "td",
          { class: column.numeric ? "right" : column.long ? "long" : "short" },
          column.text(row[i]),
        ),
      ),
    ),
  );
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
  return element("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Rows" }, table);
}

/** @param {string} name @param {any[]} values */
function columnOf(name, values) {
  const known = values.filter((value) => value !== null && value !== undefined && value !== "").map(String);
  const numeric = known.length > 0 && known.every((value) => NUMBER.test(value));
  const plain = !numeric || /(?:^|[_\s])(?:id|year|no|number)$/i.test(name);
  const decimals = Math.min(4, Math.max(0, ...known.map((value) => value.split(".")[1]?.length ?? 0)));
  const format = new Intl.NumberFormat("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return {
    numeric,
    long: known.some((value) => value.length > 40),
    /** @param {any} value */
    text(value) {
      if (value === null || value === undefined || value === "") return "\u2013";
      return plain ? String(value) : format.format(Number(value));
    },
  };
}
