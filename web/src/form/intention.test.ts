import { expect, test } from "vitest";
import { Intention } from "./intention";

test("a request that may not have arrived goes again under its key, however late", () => {
  const intention = new Intention();
  expect(intention.keyOf("fit", 1_000_000)).toBe(intention.keyOf("fit", 0));
});

test("a double click is one intention, and the same again later is another", () => {
  const intention = new Intention();
  const first = intention.keyOf("fit", 0);
  intention.done(100);
  expect(intention.keyOf("fit", 400)).toBe(first);
  expect(intention.keyOf("fit", 5000)).not.toBe(first);
});

test("other parameters are another intention", () => {
  const intention = new Intention();
  expect(intention.keyOf("fit", 0)).not.toBe(intention.keyOf("other fit", 1));
});
