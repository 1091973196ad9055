import { expect, it } from "vitest";
import { Secret } from "../../../backends/auth/secret.ts";
import { createTokenCache } from "../../../backends/auth/token-cache.ts";
import type { AuthType, TokenSource } from "../../../backends/auth/token-source.ts";
import { manualClock } from "../manual-clock.ts";

const never = new AbortController().signal;

function counting(life_ms: number | null, auth_type: AuthType = "oauth-m2m") {
  const clock = manualClock();
  const source: TokenSource & { fetched: number; broken: boolean } = {
    auth_type,
    fetched: 0,
    broken: false,
    async fetch() {
      source.fetched += 1;
      await Promise.resolve();
      if (source.broken) throw new Error("token server down");
      return {
        value: new Secret(`t${source.fetched}`),
        expires_at: life_ms === null ? null : clock.now() + life_ms,
      };
    },
  };
  return { clock, source, cache: createTokenCache(source, clock) };
}

it("asks once however many callers wait", async () => {
  const { source, cache } = counting(3_600_000);
  const tokens = await Promise.all(
    Array.from({ length: 100 }, () => cache.get(new AbortController().signal)),
  );
  expect(new Set(tokens.map((token) => token.reveal()))).toEqual(new Set(["t1"]));
  expect(source.fetched).toBe(1);
});

it("renews a token of an hour a minute before it ends", async () => {
  const { clock, source, cache } = counting(3_600_000);
  await cache.get(never);
  await clock.advance(3_539_000);
  expect((await cache.get(never)).reveal()).toBe("t1");
  await clock.advance(2_000);
  expect((await cache.get(never)).reveal()).toBe("t2");
  expect(source.fetched).toBe(2);
});

it("renews a token of two seconds in its last tenth", async () => {
  const { clock, cache } = counting(2_000);
  await cache.get(never);
  await clock.advance(1_799);
  expect((await cache.get(never)).reveal()).toBe("t1");
  await clock.advance(1);
  expect((await cache.get(never)).reveal()).toBe("t2");
});

it("uses the old token while it is good and a new one cannot be had", async () => {
  const { clock, source, cache } = counting(2_000);
  await cache.get(never);
  source.broken = true;
  await clock.advance(1_900);
  expect((await cache.get(never)).reveal()).toBe("t1");
  await clock.advance(100);
  await expect(cache.get(never)).rejects.toThrow("token server down");
});

it("asks again after a failure", async () => {
  const { source, cache } = counting(2_000);
  source.broken = true;
  await expect(cache.get(never)).rejects.toThrow("token server down");
  source.broken = false;
  expect((await cache.get(never)).reveal()).toBe("t2");
});

it("drops a refused token once, however many calls were refused with it", async () => {
  const { source, cache } = counting(3_600_000);
  const stale = await cache.get(never);
  expect(cache.drop(stale)).toBe(true);
  const fresh = await cache.get(never);
  expect(cache.drop(stale)).toBe(true);
  expect((await cache.get(never)).equals(fresh)).toBe(true);
  expect(source.fetched).toBe(2);
});

it("knows that a personal access token cannot be replaced", async () => {
  const { cache } = counting(null, "pat");
  expect(cache.drop(await cache.get(never))).toBe(false);
});

it("lets one caller leave without ending the request of the others", async () => {
  const { cache } = counting(3_600_000);
  const controller = new AbortController();
  const leaving = cache.get(controller.signal);
  const staying = cache.get(never);
  controller.abort(new Error("left"));
  await expect(leaving).rejects.toThrow("left");
  expect((await staying).reveal()).toBe("t1");
});
