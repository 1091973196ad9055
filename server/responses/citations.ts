/** From the answer's citations to `url_citation` annotations: the only kind that every client takes (decision 6). */
import type { Citation } from "../../nodes/state.ts";
import type { UrlCitation } from "./output-items.ts";

/** One annotation per marker, in order of position; positions outside `text` and sources without a URL are left out. */
export function urlCitations(citations: readonly Citation[], text: string): UrlCitation[] {
  return citations
    .filter((citation) => isWebUrl(citation.url))
    .flatMap((citation) =>
      citation.spans
        .filter(
          ({ start, end }) =>
            Number.isInteger(start) &&
            Number.isInteger(end) &&
            0 <= start &&
            start < end &&
            end <= text.length,
        )
        .map(({ start, end }): UrlCitation => ({
          type: "url_citation",
          url: citation.url,
          title: citation.title,
          start_index: start,
          end_index: end,
        })),
    )
    .sort((a, b) => a.start_index - b.start_index || a.end_index - b.end_index);
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
