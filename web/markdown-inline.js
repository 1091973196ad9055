/** Inline Markdown as plain data: emphasis, code, links (http and https only), citation markers. */

/**
 * @typedef {{ type: "text", text: string }
 *   | { type: "code", text: string }
 *   | { type: "break" }
 *   | { type: "citation", n: number }
 *   | { type: "link", href: string, children: Inline[] }
 *   | { type: "strong" | "em" | "del", children: Inline[] }} Inline
 */

const RULES = [
  { type: "escape", pattern: /\\([\\`*_{}[\]()#+\-.!|~<>])/y },
  { type: "code", pattern: /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y },
  { type: "break", pattern: /(?: {2,}|\\)\n/y },
  { type: "citation", pattern: /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?![(:])/y },
  {
    type: "link",
    pattern:
      /!?\[((?:[^[\]\\]|\\.|\[[^\]]*\])*)\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y,
  },
  { type: "auto", pattern: /<(https?:\/\/[^\s<>]+)>|https?:\/\/[^\s<>|*`\])]*[^\s<>|*`\]).,;:!?'"]/y },
  { type: "strong", pattern: /(\*\*|__)(?=\S)([\s\S]*?\S)\1(?![*_])/y },
  { type: "del", pattern: /(~~)(?=\S)([\s\S]*?\S)\1/y },
  { type: "em", pattern: /(\*)(?=[^\s*])((?:[^*]|\*\*[^*]+\*\*)*?[^\s*])\*(?!\*)/y },
  { type: "em", pattern: /(?<![\p{L}\p{N}])(_)(?=[^\s_])([^_]*?[^\s_])_(?![\p{L}\p{N}])/uy },
];

const SPECIAL = /[\\`[!<*_~\n ]|https?:\/\//g;
const MAX_DEPTH = 8;

/**
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export function parseInline(text, depth = 0) {
  /** @type {Inline[]} */
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") nodes.push({ type: "text", text: plain });
    plain = "";
  };
  while (at < text.length) {
    const found = depth < MAX_DEPTH ? matchAt(text, at) : null;
    if (found === null) {
      const next = nextSpecial(text, at + 1);
      plain += text.slice(at, next);
      at = next;
      continue;
    }
    at += found.match[0].length;
    if (found.type === "escape") plain += found.match[1] ?? "";
    else {
      flush();
      nodes.push(...nodesOf(found.type, found.match, depth));
    }
  }
  flush();
  return nodes;
}

/** @param {string} text @param {number} at */
function matchAt(text, at) {
  for (const { type, pattern } of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { type, match };
  }
  return null;
}

/** @param {string} text @param {number} from */
function nextSpecial(text, from) {
  SPECIAL.lastIndex = from;
  return SPECIAL.exec(text)?.index ?? text.length;
}

/**
 * @param {string} type
 * @param {RegExpExecArray} match
 * @param {number} depth
 * @returns {Inline[]}
 */
function nodesOf(type, match, depth) {
  const [all, first = "", second = ""] = match;
  if (type === "code")
    return [{ type: "code", text: second.trim() === "" ? second : second.replace(/^ (.*) $/s, "$1") }];
  if (type === "break") return [{ type: "break" }];
  if (type === "citation") return first.split(",").map((n) => ({ type: "citation", n: Number(n) }));
  if (type === "link") return linkOf(second, parseInline(first, depth + 1));
  if (type === "auto") return linkOf(first || all, [{ type: "text", text: first || all }]);
  const kind = type === "strong" || type === "del" ? type : "em";
  return [{ type: kind, children: parseInline(second, depth + 1) }];
}

/**
 * A link to anything but a web address is shown as its text.
 * @param {string} href
 * @param {Inline[]} children
 * @returns {Inline[]}
 */
function linkOf(href, children) {
  return isWebAddress(href) ? [{ type: "link", href, children }] : children;
}

/** @param {string} href */
export function isWebAddress(href) {
  return /^https?:\/\/[^\s]+$/i.test(href) && URL.canParse(href);
}
