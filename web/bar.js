/** A bar on a line, as SVG: its place stands in attributes, because the page's policy allows no inline styles. */

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.004;

/**
 * @param {number} from 0 to 1
 * @param {number} length 0 to 1
 * @param {string} kind class of its colour
 */
export function bar(from, length, kind) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "bar-line");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(SVG, "rect");
  const width = Math.min(1, Math.max(LEAST, length));
  for (const [name, value] of Object.entries({ x: Math.min(from, 1 - width), y: 0, width, height: 1 }))
    rect.setAttribute(name, String(value));
  rect.setAttribute("class", kind);
  svg.append(rect);
  return svg;
}
