import { expect, it } from "vitest";
import { createFairLimiter } from "../../../backends/http/fair-limiter.ts";

const never = new AbortController().signal;

async function place(work: Promise<(() => void) | null>): Promise<() => void> {
  const leave = await work;
  if (leave === null) throw new Error("the queue is full");
  return leave;
}

it("lets so many through at once and the next when one leaves", async () => {
  const limiter = createFairLimiter(1, 5);
  const leave = await place(limiter.acquire("ada", never));
  const waiting = limiter.acquire("ada", never);
  expect([limiter.active(), limiter.waiting()]).toEqual([1, 1]);
  leave();
  await place(waiting);
  expect([limiter.active(), limiter.waiting()]).toEqual([1, 0]);
});

it("turns away who finds the queue full", async () => {
  const limiter = createFairLimiter(1, 1);
  await place(limiter.acquire("ada", never));
  void limiter.acquire("ada", never);
  expect(await limiter.acquire("bob", never)).toBeNull();
});

it("serves a caller with one call before the tenth call of another", async () => {
  const limiter = createFairLimiter(2, 20);
  const order: string[] = [];
  const leaves = [await place(limiter.acquire("ada", never)), await place(limiter.acquire("ada", never))];
  for (let call = 0; call < 8; call += 1) {
    void limiter.acquire("ada", never).then((leave) => {
      order.push("ada");
      if (leave !== null) leaves.push(leave);
    });
  }
  void limiter.acquire("bob", never).then(() => order.push("bob"));
  leaves.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(["bob"]);
});

it("counts a place that went from one call of a caller to the next", async () => {
  const limiter = createFairLimiter(2, 20);
  const first = await place(limiter.acquire("ada", never));
  const other = await place(limiter.acquire("eve", never));
  const second = limiter.acquire("ada", never);
  first();
  await place(second);
  const order: string[] = [];
  void limiter.acquire("ada", never).then(() => order.push("ada"));
  void limiter.acquire("bob", never).then(() => order.push("bob"));
  other();
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(["bob"]);
});

it("frees the place in the queue of a caller who leaves", async () => {
  const limiter = createFairLimiter(1, 1);
  await place(limiter.acquire("ada", never));
  const controller = new AbortController();
  const waiting = limiter.acquire("bob", controller.signal);
  controller.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
  expect(limiter.waiting()).toBe(0);
});

it("counts a place that is given back twice only once", async () => {
  const limiter = createFairLimiter(2, 1);
  const leave = await place(limiter.acquire("ada", never));
  await place(limiter.acquire("ada", never));
  leave();
  leave();
  expect(limiter.active()).toBe(1);
});
