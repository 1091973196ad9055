/** Puts footnote marks into a cited answer and moves the positions of its citations along. */
import type { CitedAnswer } from "../company/contract.ts";

export interface UrlCitation {
  type: "url_citation";
  url: string;
  title: string;
  start_index: number;
  end_index: number;
}

/** `[^n]` after each cited span, one number per document. Positions stay those of the span, without the mark. */
export function withFootnotes({ text, citations }: CitedAnswer): {
  text: string;
  annotations: UrlCitation[];
} {
  const numbers = footnoteNumbers(citations);
  const ordered = citations.toSorted((a, b) => a.end_index - b.end_index);
  const marks = ordered.map(({ end_index, url }) => ({ at: end_index, mark: `[^${numbers.get(url)}]` }));
  const moved = (position: number, isEnd: boolean) =>
    marks.reduce(
      (sum, { at, mark }) => (at < position || (at === position && !isEnd) ? sum + mark.length : sum),
      position,
    );
  let out = "";
  let from = 0;
  for (const { at, mark } of marks) {
    out += text.slice(from, at) + mark;
    from = at;
  }
  const annotations = ordered.map(({ title, url, start_index, end_index }) => ({
    type: "url_citation" as const,
    url,
    title,
    start_index: moved(start_index, false),
    end_index: moved(end_index, true),
  }));
  return { text: out + text.slice(from), annotations };
}

/** GFM footnote definitions, one line per document. */
export function footnoteDefinitions(citations: CitedAnswer["citations"]): string {
  const titles = new Map(citations.map(({ url, title }) => [url, title]));
  const lines = [...footnoteNumbers(citations)].map(([url, n]) => `[^${n}]: [${titles.get(url)}](${url})`);
  return lines.join("\n");
}

function footnoteNumbers(citations: CitedAnswer["citations"]): Map<string, number> {
  const urls = citations.toSorted((a, b) => a.end_index - b.end_index).map(({ url }) => url);
  return new Map([...new Set(urls)].map((url, index) => [url, index + 1]));
}
