/** Turns parsed Markdown into DOM nodes. */
import { element } from "./dom.js";
import { parseMarkdown } from "./markdown-blocks.js";

/**
 * @typedef {import("./markdown-blocks.js").Block} Block
 * @typedef {import("./markdown-inline.js").Inline} Inline
 * @typedef {(n: number) => Node} Citation How the marker `[n]` is shown
 */

/**
 * @param {string} text
 * @param {Citation} citation
 * @returns {Node[]}
 */
export function renderMarkdown(text, citation) {
  const blocks = parseMarkdown(text);
  const levels = blocks.flatMap((block) => (block.type === "heading" ? [block.level] : []));
  const top = Math.min(...levels, 6);
  return blocks.map((block) => blockView(block, citation, top));
}

/** The highest heading of the answer follows the question's, which is an h2. @param {Block} block @param {Citation} citation @param {number} [top] @returns {Node} */
function blockView(block, citation, top = 1) {
  switch (block.type) {
    case "heading":
      return element(`h${Math.min(6, block.level - top + 3)}`, {}, ...inlineViews(block.children, citation));
    case "paragraph":
      return element("p", {}, ...inlineViews(block.children, citation));
    case "code":
      return element(
        "pre",
        { tabindex: 0 },
        element("code", { "data-language": block.language || null }, block.text),
      );
    case "quote":
      return element("blockquote", {}, ...block.children.map((child) => blockView(child, citation)));
    case "list":
      return listView(block, citation);
    case "table":
      return tableView(block, citation);
    default:
      return element("hr");
  }
}

/** @param {Extract<Block, { type: "list" }>} block @param {Citation} citation */
function listView(block, citation) {
  const items = block.items.map((item) => {
    const [only, ...more] = item;
    if (only?.type === "paragraph") {
      const rest = more.map((child) => blockView(child, citation));
      return element("li", {}, ...inlineViews(only.children, citation), ...rest);
    }
    return element("li", {}, ...item.map((child) => blockView(child, citation)));
  });
  return element(
    block.ordered ? "ol" : "ul",
    { start: block.ordered && block.start !== 1 ? block.start : null },
    ...items,
  );
}

/** @param {Extract<Block, { type: "table" }>} block @param {Citation} citation */
function tableView(block, citation) {
  const numeric = block.header.map(
    (_, i) => block.rows.length > 0 && block.rows.every((row) => isNumber(row[i] ?? [])),
  );
  const side = (/** @type {number} */ i) =>
    block.align[i] === "left" ? (numeric[i] ? "right" : null) : block.align[i];
  const cell = (/** @type {string} */ tag) => (/** @type {Inline[]} */ content, /** @type {number} */ i) =>
    element(tag, { class: side(i), scope: tag === "th" ? "col" : null }, ...inlineViews(content, citation));
  const head = element("thead", {}, element("tr", {}, ...block.header.map(cell("th"))));
  const body = element("tbody", {}, ...block.rows.map((row) => element("tr", {}, ...row.map(cell("td")))));
  return element(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": "Table" },
    element("table", {}, head, body),
  );
}

/** Whether a cell holds nothing but a number, with its currency or percent sign. @param {Inline[]} cell */
function isNumber(cell) {
  const [only] = cell;
  return (
    cell.length === 1 &&
    only?.type === "text" &&
    /^[-\u2212]?\s*[$\u20ac\u00a3]?\s*[\d.,\u00a0]*\d\s*(?:%|USD|EUR)?$/.test(only.text.trim())
  );
}

/** @param {Inline[]} nodes @param {Citation} citation @returns {Node[]} */
function inlineViews(nodes, citation) {
  return nodes.map((node) => inlineView(node, citation));
}

/** @param {Inline} node @param {Citation} citation @returns {Node} */
function inlineView(node, citation) {
  switch (node.type) {
    case "text":
      return document.createTextNode(node.text);
    case "code":
      return element("code", {}, node.text);
    case "break":
      return element("br");
    case "citation":
      return citation(node.n);
    case "link":
      return element(
        "a",
        { href: node.href, target: "_blank", rel: "noopener noreferrer" },
        ...inlineViews(node.children, citation),
      );
    default:
      return element(node.type, {}, ...inlineViews(node.children, citation));
  }
}
