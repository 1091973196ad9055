/** Where commands write: results to `out`, everything around them to `err`, so that results can be piped. */
import { styleText } from "node:util";

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  color: boolean;
}

export type Style = "bold" | "dim" | "red" | "green" | "yellow";

export function paint(terminal: Terminal, style: Style, text: string): string {
  return terminal.color ? styleText(style, text, { validateStream: false }) : text;
}
