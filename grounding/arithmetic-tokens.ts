/** Tokens of a declared derivation: numbers, references, operators. */

export type Token =
  | { kind: "number"; value: number; text: string }
  | { kind: "name"; text: string }
  | { kind: "operator"; text: "+" | "-" | "*" | "/" | "(" | ")" | "," | "%" };

const TOKEN =
  /\s*(?:(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|([A-Za-z_][\w]*(?:[.:][\w]+)*)|([-+*/(),%×÷−]))/y;

const SAME: Record<string, string> = { "×": "*", "÷": "/", "−": "-" };

/** Returns null for text that is not arithmetic. */
export function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match) return null;
    const [, number, name, operator] = match;
    if (number !== undefined)
      tokens.push({ kind: "number", value: Number(number.replaceAll(",", "")), text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push(operatorToken(operator ?? ""));
  }
  return tokens;
}

function operatorToken(text: string): Token {
  const plain = SAME[text] ?? text;
  const known = (["+", "-", "*", "/", "(", ")", ",", "%"] as const).find((operator) => operator === plain);
  return { kind: "operator", text: known ?? "+" };
}
