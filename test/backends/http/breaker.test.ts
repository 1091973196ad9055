import { expect, it } from "vitest";
import { createBreaker, type Permit } from "../../../backends/http/breaker.ts";
import { manualClock } from "../manual-clock.ts";

function enter(breaker: ReturnType<typeof createBreaker>): Permit {
  const permit = breaker.enter();
  if (typeof permit === "number") throw new Error(`closed for ${permit} ms`);
  return permit;
}

function opened() {
  const clock = manualClock();
  const breaker = createBreaker(2, 1_000, clock);
  enter(breaker).failure();
  enter(breaker).failure();
  return { clock, breaker };
}

it("opens after so many failures in a row, and a success in between starts the count again", () => {
  const breaker = createBreaker(2, 1_000, manualClock());
  enter(breaker).failure();
  enter(breaker).success();
  enter(breaker).failure();
  expect(breaker.state()).toBe("closed");
  enter(breaker).failure();
  expect(breaker.state()).toBe("open");
});

it("tells how long it stays open", async () => {
  const { clock, breaker } = opened();
  await clock.advance(400);
  expect(breaker.enter()).toBe(600);
});

it("lets one probe through after its time, and closes when that succeeds", async () => {
  const { clock, breaker } = opened();
  await clock.advance(1_000);
  expect(breaker.state()).toBe("half_open");
  const probe = enter(breaker);
  expect(breaker.enter()).toBe(1_000);
  probe.success();
  expect(breaker.state()).toBe("closed");
});

it("opens again for the whole time when the probe fails", async () => {
  const { clock, breaker } = opened();
  await clock.advance(1_500);
  enter(breaker).failure();
  expect(breaker.enter()).toBe(1_000);
});

it("gives the probe to the next caller when the first one leaves without an outcome", async () => {
  const { clock, breaker } = opened();
  await clock.advance(1_000);
  enter(breaker).release();
  enter(breaker).success();
  expect(breaker.state()).toBe("closed");
});

it("is not closed by a call that began before it opened", () => {
  const breaker = createBreaker(1, 1_000, manualClock());
  const early = enter(breaker);
  enter(breaker).failure();
  early.success();
  expect(breaker.state()).toBe("open");
});

it("never opens when it is switched off", () => {
  const breaker = createBreaker(0, 1_000, manualClock());
  for (let call = 0; call < 10; call += 1) enter(breaker).failure();
  expect(breaker.state()).toBe("closed");
});
