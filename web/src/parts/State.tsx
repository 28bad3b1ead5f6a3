import type { JSX } from "preact";

export type RunState = "queued" | "pending" | "completed" | "failure" | "timed_out" | "cancelled";
export const STATES: RunState[] = ["queued", "pending", "completed", "failure", "timed_out", "cancelled"];

/** A state in the API's words, readable. */
export function stateWord(state: string): string {
  return state.replaceAll("_", " ");
}

/** Whether nothing will change any more. */
export function isFinal(state: string): boolean {
  return state !== "queued" && state !== "pending";
}

const MARKS: Record<string, JSX.Element> = {
  queued: <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="2.6 2" />,
  pending: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8" opacity=".35" />
      <path class="moves" d="M8 2.4A5.6 5.6 0 0 1 13.6 8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
    </>
  ),
  completed: <path d="m3 8.6 3.3 3.3L13 4.6" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />,
  failure: <path d="m4 4 8 8m0-8-8 8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />,
  timed_out: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" stroke-width="1.8" />
      <path d="M8 4.8V8l2.2 1.6" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" stroke-width="1.8" />
      <path d="m4 12 8-8" stroke="currentColor" stroke-width="1.8" />
    </>
  ),
};

/** The mark of a state alone, where a word stands beside it. */
export function StateMark({ state }: { state: string }): JSX.Element {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {MARKS[state] ?? MARKS["queued"]}
    </svg>
  );
}

/** A run's state as icon, word and colour; `live` announces each change. */
export function State({ state, live = false }: { state: string; live?: boolean }): JSX.Element {
  return (
    <span class={`state ${state}`} {...(live && { role: "status" })}>
      <StateMark state={state} />
      {stateWord(state)}
    </span>
  );
}
