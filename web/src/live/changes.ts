import { effect, signal } from "@preact/signals";
import { apiUrl } from "../api/base";
import { send } from "../api/client";
import { problemOf, refusal } from "../api/problem";
import type { components } from "../api/schema";
import { onSignOut, session, sessionLost } from "../api/session";
import { nextDelay, SOONEST } from "./delay";

/** A run in short, as lists and changes have it. */
export type MovedRun = Pick<components["schemas"]["RunInBrief"], "id" | "obj_id" | "analysis_service_id" | "status" | "status_message" | "batch_id">;

type Changes = Pick<components["schemas"]["Changes"], "next" | "runs" | "gone" | "reset">;

/** Whether the last question about changes was answered. */
export const reached = signal(true);
/** Runs that somebody deleted while this was watched. */
export const gone = signal<ReadonlySet<number>>(new Set());
onSignOut(() => (gone.value = new Set()));

const NOT_MODIFIED = 304;
type Listener = (runs: MovedRun[], others: boolean, deleted: number[]) => void;
const listeners = new Set<Listener>();
let since: string | null = null;
let tag: string | null = null;
let delay = SOONEST;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;
let polled = 0;

/** Calls with the runs that moved, whether others may have, and with those that were deleted, until the returned function is called. */
export function onMoved(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Looks at once and then often: after whatever makes a run move. */
export function soon(): void {
  delay = SOONEST;
  if (timer !== undefined) plan(SOONEST);
}

let hurried = 0;

/** Looks every few seconds at the least, until the returned function is called: while an open run is shown. */
export function hurry(): () => void {
  hurried++;
  soon();
  return () => void hurried--;
}

function hidden(): boolean {
  return document.hidden || document.visibilityState === "hidden";
}

function plan(milliseconds: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void poll(), milliseconds);
}

async function poll(): Promise<void> {
  if (asking) return;
  asking = true;
  polled = Date.now();
  let moved = false;
  try {
    const changes = await changesSince();
    const known = since !== null;
    since = changes?.next ?? since;
    reached.value = true;
    moved = known && changes !== null && tell(changes);
  } catch (thrown) {
    reached.value = problemOf(thrown).status > 0; // the top bar says if not, and the next poll tries again
  } finally {
    asking = false;
  }
  delay = nextDelay(delay, moved, hurried > 0);
  if (session.peek() && timer !== undefined) plan(hidden() ? Math.max(delay, 60_000) : delay);
}

/** Tells who listens, and whether there was anything to tell. */
function tell({ runs, gone: deleted, reset }: Changes): boolean {
  if (deleted.length > 0) gone.value = new Set([...gone.peek(), ...deleted]);
  const others = reset || deleted.length > 0;
  if (runs.length > 0 || others) listeners.forEach((listener) => listener(runs, others, deleted));
  return runs.length > 0 || others;
}

/** Asks what moved; null if nothing did. */
async function changesSince(): Promise<Changes | null> {
  const path = apiUrl("/api/analysis_changes") + (since === null ? "" : `?since=${encodeURIComponent(since)}`);
  const response = await send(new Request(path, { headers: tag === null ? {} : { "If-None-Match": tag } }));
  if (response.status === NOT_MODIFIED) return null;
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, body);
  tag = response.headers.get("ETag");
  return (body as { data: Changes }).data;
}

/** Begins when somebody is signed in, and ends when nobody is. */
export function watchChanges(): void {
  document.addEventListener("visibilitychange", () => {
    if (timer === undefined) return;
    if (hidden()) plan(Math.max(0, polled + 60_000 - Date.now()));
    else {
      delay = SOONEST;
      plan(0);
    }
  });
  effect(() => {
    const open = Boolean(session.value) && !sessionLost.value;
    clearTimeout(timer);
    timer = undefined;
    if (!session.value) since = tag = null;
    if (open) {
      delay = SOONEST;
      plan(0);
    }
  });
}
