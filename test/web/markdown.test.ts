import { describe, expect, it } from "vitest";

interface Node {
  type: string;
  text?: string;
  href?: string;
  n?: number;
  children?: Node[];
  items?: Node[][];
  rows?: Node[][][];
  align?: string[];
  level?: number;
}

const url = new URL("../../web/markdown-blocks.js", import.meta.url).href;
const { parseMarkdown } = (await import(url)) as { parseMarkdown: (text: string) => Node[] };

/** The tree as short text: `strong(a)`, `link:https://…(b)`, `[1]`. */
function short(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text") return node.text;
      if (node.type === "citation") return `[${node.n}]`;
      const name = node.type === "link" ? `link:${node.href}` : node.type;
      return `${name}(${node.children ? short(node.children) : (node.text ?? "")})`;
    })
    .join("");
}

describe("inline Markdown", () => {
  it.each([
    ["**bold** and *slanted* and _too_", "paragraph(strong(bold) and em(slanted) and em(too))"],
    ["***both***", "paragraph(strong(em(both)))"],
    ["a_b_c and 2*3*4", "paragraph(a_b_c and 2em(3)4)"],
    ["`**code**`", "paragraph(code(**code**))"],
    ["See [the policy](https://x.test/a_(b)).", "paragraph(See link:https://x.test/a_(b)(the policy).)"],
    ["See https://x.test/a?b=c.", "paragraph(See link:https://x.test/a?b=c(https://x.test/a?b=c).)"],
    ["Ten days [1][2, 3].", "paragraph(Ten days [1][2][3].)"],
    [String.raw`\*not\* bold`, "paragraph(*not* bold)"],
    ["~~gone~~", "paragraph(del(gone))"],
    ["one  \ntwo", "paragraph(onebreak()two)"],
  ])("reads %s", (text, tree) => {
    expect(short(parseMarkdown(text))).toBe(tree);
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](//evil.test/a)",
    "[x]( java\tscript:alert(1))",
    "![x](file:///etc/passwd)",
  ])("makes no link of %s", (text) => {
    expect(JSON.stringify(parseMarkdown(text))).not.toContain('"href"');
  });

  it("keeps HTML as text", () => {
    const text = '<img src=x onerror="alert(1)"> <b>x</b>';
    expect(short(parseMarkdown(text))).toBe(`paragraph(${text})`);
  });
});

describe("block Markdown", () => {
  it("reads headings, quotes, rules and code", () => {
    const tree = parseMarkdown("## Two\n\n> a\n> b\n\n---\n\n```sql\nSELECT *\n```\n");
    expect(tree).toMatchObject([
      { type: "heading", level: 2 },
      { type: "quote", children: [{ type: "paragraph" }] },
      { type: "rule" },
      { type: "code", text: "SELECT *", language: "sql" },
    ]);
  });

  it("reads nested lists and their start", () => {
    const [list] = parseMarkdown("3. a\n   - b\n   - c\n4. d\n");
    expect(list).toMatchObject({ type: "list", ordered: true, start: 3 });
    expect(list?.items?.map((item) => item.map((block) => block.type))).toEqual([
      ["paragraph", "list"],
      ["paragraph"],
    ]);
  });

  it("ends a list at a line without indent", () => {
    expect(parseMarkdown("- a\n- b\nMore about both.").map((block) => block.type)).toEqual([
      "list",
      "paragraph",
    ]);
  });

  it("reads tables with alignment, missing cells and escaped bars", () => {
    const [table] = parseMarkdown("| a | b |\n|:--|--:|\n| x \\| y | 1 |\n| z |\n");
    expect(table?.align).toEqual(["left", "right"]);
    expect(table?.rows?.map((row) => row.map(short))).toEqual([["x | y", "1"], ["z", ""]]); // prettier-ignore
  });

  it("shows an unfinished table or fence as far as it has come", () => {
    expect(parseMarkdown("| a | b |").map((block) => block.type)).toEqual(["paragraph"]);
    expect(parseMarkdown("```\nhalf")).toMatchObject([{ type: "code", text: "half" }]);
  });

  it("stays quick on hostile input", () => {
    const hostile = [
      "*".repeat(5_000),
      "[".repeat(5_000),
      "`".repeat(5_001),
      "> ".repeat(2_000),
      "**a ".repeat(2_000),
      `${"_a".repeat(3_000)} `,
      "| a ".repeat(2_000),
    ];
    for (const text of hostile) expect(parseMarkdown(text).length).toBeGreaterThan(0);
  });
});
