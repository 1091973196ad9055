/** The little of SVG that the charts need. Colours hold on light and dark ground. */

export const INK = "#6b6a66";
export const ACCENT = "#4666d8";
export const SOFT = "#a9b6ea";

export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeText(title)}</title>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

export interface TextOptions {
  anchor?: "start" | "middle" | "end";
  fill?: string;
  size?: number;
  weight?: number;
  rotate?: number;
}

export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { anchor = "start", fill = INK, size, weight, rotate } = options;
  const attributes = [
    `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}"`,
    size === undefined ? "" : ` font-size="${size}"`,
    weight === undefined ? "" : ` font-weight="${weight}"`,
    rotate === undefined ? "" : ` transform="rotate(${rotate} ${round(x)} ${round(y)})"`,
  ];
  return `<text ${attributes.join("")}>${escapeText(content)}</text>`;
}

export function rect(x: number, y: number, width: number, height: number, fill: string, opacity = 1): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="2" fill="${fill}" fill-opacity="${round(opacity)}"/>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke = INK, width = 1): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"/>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escapeText(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
