import { expect, test } from "vitest";
import { ago, bytes, counted, dateTime, duration, instant, words } from "./formats";

test("naive times are UTC, with a T or a space", () => {
  expect(instant("2026-11-22T10:31:07.250000").toISOString()).toBe("2026-11-22T10:31:07.250Z");
  expect(instant("2026-11-22 10:31:07.000000").toISOString()).toBe("2026-11-22T10:31:07.000Z");
  expect(instant("2026-11-22T10:31:07+02:00").toISOString()).toBe("2026-11-22T08:31:07.000Z");
  expect(dateTime("2026-11-22T10:31:07.9")).toBe("2026-11-22 10:31:07");
});

test.each([
  [0.25, "250 ms"],
  [3.14, "3.1 s"],
  [40, "40 s"],
  [200, "3 min 20 s"],
  [7200, "2 h"],
  [187_200, "2 d 4 h"],
])("%f seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));

test("what is to come is told from what was", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  expect(ago("2026-11-22T09:59:20", now)).toBe("40 s ago");
  expect(ago("2026-11-22T10:00:40", now)).toBe("in 40 s");
  expect(ago("2026-11-22T09:46:59", now)).toBe("13 min ago");
  expect(ago("2026-11-22T10:00:01", now)).toBe("now");
});

test("sizes and counts", () => {
  expect(bytes(512)).toBe("512 B");
  expect(bytes(12_345)).toBe("12.3 kB");
  expect(counted(1, "analysis", "analyses")).toBe("1 analysis");
  expect(counted(1200, "run")).toBe("1,200 runs");
});

test.each([
  ['{"status": "success", "message": "Queued as run 22."}', "Queued as run 22."],
  ['{"message": 5}', '{"message": 5}'],
  ['{"message": ""}', '{"message": ""}'],
  ['{"message": "cut o', '{"message": "cut o'],
  ["Fitted.", "Fitted."],
  [null, ""],
])("of an answer %s lists say %s", (answer, said) => {
  expect(words(answer)).toBe(said);
});
