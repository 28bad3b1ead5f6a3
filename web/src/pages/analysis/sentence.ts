import { ago, counted, duration, instant } from "../../formats";
import type { Health } from "../services/health";
import type { Attempt } from "./attempts";

interface Facts {
  status: string;
  status_message: string | null;
  created_at: string;
  last_activity: string;
  invalid_after: string | null;
  duration: number | null;
  analysis_service_name: string | null;
}

const TIMES = ["", "once", "twice", "three times", "four times", "five times"];

/** Says in one sentence where a run stands, for whoever waits for it. */
export function sentence(run: Facts, attempts: Attempt[], health: Pick<Health, "seconds" | "circuit"> | null, now: Date): string {
  const service = run.analysis_service_name ?? "its service";
  switch (run.status) {
    case "queued":
      return waiting(service, attempts, health?.circuit ?? null, now);
    case "pending":
      return pending(service, run, health?.seconds.median ?? null, now);
    case "completed":
      return run.duration === null ? "Completed." : `Completed, ${duration(run.duration)} after it was started.`;
    case "timed_out":
      return `${service} took it and sent no result in time.`;
    case "cancelled":
      return `Cancelled ${ago(run.last_activity, now)}; what the service may still send is refused.`;
    default:
      return run.duration === null ? "Failed." : `Failed, ${duration(run.duration)} after it was started.`;
  }
}

function waiting(service: string, attempts: Attempt[], circuit: Health["circuit"] | null, now: Date): string {
  const last = attempts.at(-1);
  if (circuit?.paused_until) {
    const why = circuit.failures > 0 ? ` after ${counted(circuit.failures, "failure")} in a row` : "";
    return `Waiting for ${service}, which is paused${why}; next try ${when(circuit.paused_until, now)}.`;
  }
  if (!last) return `Waiting to be sent to ${service}.`;
  const next = last.next_try === null ? "" : `; next try ${when(last.next_try, now)}`;
  return `Waiting for ${service}, which ${answered(attempts)}${next}.`;
}

/** "answered 503 twice", or "did not answer": how the latest attempts ended, as far back as they ended the same way. */
function answered(attempts: Attempt[]): string {
  const last = attempts.at(-1)?.http_status ?? null;
  const before = attempts.findLastIndex((attempt) => attempt.http_status !== last);
  const count = attempts.length - 1 - before;
  const times = TIMES[count] ?? `${count} times`;
  if (last === null) return count === 1 ? "could not be reached" : `could not be reached ${times}`;
  return `answered ${last}${count === 1 ? "" : ` ${times}`}`;
}

function when(at: string, now: Date): string {
  const seconds = Math.round((instant(at).getTime() - now.getTime()) / 1000);
  return seconds <= 0 ? "any moment" : `in ${duration(seconds)}`;
}

function pending(service: string, run: Facts, usual: number | null, now: Date): string {
  const since = Math.max(1, Math.round((now.getTime() - instant(run.last_activity).getTime()) / 1000));
  const rule = usual === null ? "" : `; as a rule a run takes ${duration(usual)}`;
  const end = run.invalid_after === null ? "" : `; it has until ${run.invalid_after.slice(11, 19)} UTC`;
  return `${service} has had it for ${duration(since)}${rule}${end}.`;
}
