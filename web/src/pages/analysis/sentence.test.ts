import { expect, test } from "vitest";
import type { Attempt } from "./attempts";
import { sentence } from "./sentence";

const NOW = new Date("2026-11-22T10:00:00Z");
const RUN = {
  status: "queued",
  status_message: null,
  created_at: "2026-11-22T09:59:00",
  last_activity: "2026-11-22T09:59:30",
  invalid_after: null,
  duration: null,
  analysis_service_name: "sn-fitter",
};

const CLOSED = { state: "closed", failures: 0, paused_until: null } as const;

function attempt(http_status: number | null, next_try: string | null = null): Attempt {
  return { attempt: 1, at: "2026-11-22T09:59:30", outcome: "retry", http_status, milliseconds: 12, message: "", next_try };
}

test("a run that waits says for whom, what came back, and when it is tried again", () => {
  const attempts = [attempt(503), attempt(503, "2026-11-22T10:00:40")];
  expect(sentence(RUN, attempts, null, NOW)).toBe("Waiting for sn-fitter, which answered 503 twice; next try in 40 s.");
});

test("only the latest attempts that ended the same way count", () => {
  expect(sentence(RUN, [attempt(503), attempt(null, "2026-11-22T09:59:59")], null, NOW)).toBe(
    "Waiting for sn-fitter, which could not be reached; next try any moment.",
  );
});

test("a run that waits for the end of a pause says so", () => {
  const health = { seconds: { median: null, percentile_95: null }, circuit: { state: "open", failures: 9, paused_until: "2026-11-22T10:00:40" } as const };
  const said = "Waiting for sn-fitter, which is paused after 9 failures in a row; next try in 40 s.";
  expect(sentence(RUN, [], health, NOW)).toBe(said);
  expect(sentence(RUN, [attempt(503, "2026-11-22T09:59:40")], health, NOW)).toBe(said);
});

test("a run that was never sent waits to be sent", () => {
  expect(sentence(RUN, [], null, NOW)).toBe("Waiting to be sent to sn-fitter.");
});

test("a run that a service has says since when, what is usual, and how long it may take", () => {
  const run = { ...RUN, status: "pending", invalid_after: "2026-11-22T10:05:00.123" };
  expect(sentence(run, [], { seconds: { median: 12.4, percentile_95: null }, circuit: CLOSED }, NOW)).toBe(
    "sn-fitter has had it for 30 s; as a rule a run takes 12 s; it has until 10:05:00 UTC.",
  );
});

test("a run that ended says after how long", () => {
  expect(sentence({ ...RUN, status: "completed", duration: 61 }, [], null, NOW)).toBe("Completed, 1 min 1 s after it was started.");
  expect(sentence({ ...RUN, status: "failure" }, [], null, NOW)).toBe("Failed.");
});
