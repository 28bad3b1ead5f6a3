import { expect, test } from "vitest";
import { LATEST, LATEST_HURRIED, nextDelay, SOONEST } from "./delay";

test("the wait grows to half a minute while nothing moves", () => {
  let delay = SOONEST;
  const waits = Array.from({ length: 12 }, () => (delay = nextDelay(delay, false)));
  expect(waits[0]).toBeGreaterThan(SOONEST);
  expect(waits.at(-1)).toBe(LATEST);
});

test("something that moves makes it two seconds again", () => {
  expect(nextDelay(LATEST, true)).toBe(SOONEST);
});

test("an open run that somebody looks at is asked for every few seconds", () => {
  expect(nextDelay(LATEST, false, true)).toBe(LATEST_HURRIED);
});
