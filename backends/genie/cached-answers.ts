/** Serves an answer again for a while, to the same identity and person alone. */
import type { AnswerDraft } from "../answer-draft.ts";
import type { Clock } from "../clock.ts";
import type { Asking } from "../create-backend.ts";
import { createExpiringCache } from "../expiring-cache.ts";

type Ask = (asking: Asking) => Promise<AnswerDraft>;

const MAX_CACHED = 500;

/** `ttl_ms` 0 switches it off. A question that comes back is never kept, nor an answer that something is amiss with. */
export function cachedAnswers(ttl_ms: number, clock: Clock, ask: Ask): Ask {
  if (ttl_ms === 0) return ask;
  const cache = createExpiringCache<AnswerDraft>({ ttl_ms, max_entries: MAX_CACHED }, clock);
  return async (asking) => {
    const key = keyOf(asking);
    const known = cache.get(key);
    if (known !== undefined) return { ...known, cached: true };
    const draft = await ask(asking);
    if (draft.clarification === undefined && draft.notes === undefined) cache.set(key, draft);
    return draft;
  };
}

/** The identity and the person are part of the key: no answer crosses from one user to another. */
function keyOf({ scope, call, request }: Asking): string {
  return JSON.stringify([
    scope.identity?.key,
    call.caller.subject,
    request.conversation_id ?? null,
    request.question.trim(),
  ]);
}
