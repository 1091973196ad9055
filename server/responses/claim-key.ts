/** `Idempotency-Key`: one key and owner, one run; a repeat gets the same response (Responses contract section 7). */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { leaseLost } from "../../store/run-lease.ts";
import { showResponse } from "../background/show-response.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { IdempotencyClaim } from "../../store/idempotency.ts";
import type { Delivery } from "./delivery.ts";
import type { PreparedTurn } from "./prepare-turn.ts";
import type { RunOutcome } from "./run-turn.ts";

const HEADER = "Idempotency-Key";
const POLL_MS = 100;

export interface KeyClaim {
  readonly key: string;
  /** A kept answer settles the key; anything else frees it, so that asking again is possible. */
  done(outcome: RunOutcome): Promise<void>;
  release(): Promise<void>;
  /** Throws `lease_lost` when the request was repeated elsewhere while this process stood still. */
  confirm(): Promise<void>;
}

/** Null without a key; `repeated` when the answer to the first request was sent. */
export async function claimKey(
  exchange: Exchange,
  turn: PreparedTurn,
  delivery: Delivery,
): Promise<KeyClaim | null | "repeated"> {
  const key = keyOf(exchange);
  if (key === null) return null;
  const { store, clock, config } = exchange.services;
  const fingerprint = fingerprintOf(exchange.json());
  const until = clock() + config.budgets.deadline_ms + POLL_MS;
  for (;;) {
    const claim = await store.idempotency.claim(
      turn.owner,
      key,
      fingerprint,
      turn.response_id,
      turn.input.thread_id,
    );
    if (claim.state === "new") return ownClaim(exchange, turn, key);
    refuseOtherBody(claim, fingerprint);
    const first = claim.settled ? await store.responses.get(turn.owner, claim.response_id) : null;
    if (first !== null) {
      await showResponse(exchange, first, delivery);
      return "repeated";
    }
    // No run outlives its deadline: a claim that does was left by a process that died.
    if (claim.settled || clock() > until) await store.idempotency.release(turn.owner, key, claim.response_id);
    // The first request is under way, here or elsewhere; should it fail, the key is free and this one runs.
    delivery.begin();
    await sleep(POLL_MS, undefined, { signal: exchange.signal });
  }
}

function keyOf(exchange: Exchange): string | null {
  const key = exchange.req.get(HEADER);
  if (key === undefined || key === "") return null;
  if (key.length <= 255) return key;
  throw new RequestError("invalid_value", `Invalid header '${HEADER}': longer than 255 characters.`, {
    param: HEADER,
  });
}

function fingerprintOf(body: unknown): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}

function refuseOtherBody(claim: Extract<IdempotencyClaim, { state: "used" }>, fingerprint: string): void {
  if (claim.fingerprint === fingerprint) return;
  throw new RequestError("idempotency_key_reused", "This key was used with another body.", { param: HEADER });
}

function ownClaim(exchange: Exchange, { owner, response_id, run_id }: PreparedTurn, key: string): KeyClaim {
  const { idempotency } = exchange.services.store;
  const release = () => idempotency.release(owner, key, response_id);
  return {
    key,
    release,
    confirm: async () => {
      if (!(await idempotency.standsFor(owner, key, response_id))) throw leaseLost(run_id);
    },
    done: (outcome) =>
      outcome.failure === null && outcome.body.store
        ? idempotency.settle(owner, key, response_id)
        : release(),
  };
}
