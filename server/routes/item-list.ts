/** Pages of items, as every list route takes and gives them (Responses contract section 5b). */
import { z } from "zod";
import type { ItemPage, PageRequest } from "../../store/conversation-items.ts";
import type { StoredItem } from "../../store/responses.ts";
import { schemaProblem } from "../schema-problem.ts";

export const PAGE_QUERY = {
  limit: "Most items, 1 to 100; 20 by default.",
  order: "`desc` (default) or `asc`.",
  after: "Id of the last item of the page before.",
} as const;

const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().min(1).max(256).optional(),
});

export function pageRequest(query: unknown): PageRequest {
  const parsed = PageQuery.safeParse(query);
  if (!parsed.success) throw schemaProblem(parsed.error, query);
  return parsed.data;
}

/** Cuts a page out of items that stand oldest first; an unknown `after` gives an empty page. */
export function pageOf(all: readonly StoredItem[], page: PageRequest): ItemPage {
  const ordered = page.order === "asc" ? all : all.toReversed();
  const at = page.after === undefined ? -1 : ordered.findIndex((item) => item.id === page.after);
  if (page.after !== undefined && at === -1) return { items: [], has_more: false };
  const items = ordered.slice(at + 1, at + 1 + page.limit);
  return { items, has_more: at + 1 + items.length < ordered.length };
}

export function itemList({ items, has_more }: ItemPage) {
  return {
    object: "list",
    data: items,
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more,
  };
}
