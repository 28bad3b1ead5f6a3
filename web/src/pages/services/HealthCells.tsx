import type { JSX } from "preact";
import { duration } from "../../formats";
import { STATES, stateWord } from "../../parts/State";
import { circuitWords, type Health } from "./health";

/** The newest analyses of a service by what became of them, as one small bar. */
export function OutcomeBar({ health }: { health: Health }): JSX.Element {
  const counts = STATES.map((state) => ({ state, count: health.by_state[state] ?? 0 })).filter(({ count }) => count > 0);
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return <span class="muted">none yet</span>;
  const words = counts.map(({ state, count }) => `${count} ${stateWord(state)}`).join(", ");
  let from = 0;
  return (
    <svg class="outcomes" viewBox={`0 0 ${all} 10`} preserveAspectRatio="none" role="img" aria-label={words}>
      <title>{words}</title>
      {counts.map(({ state, count }) => {
        from += count;
        return <rect key={state} class={`bar-part ${state}`} x={from - count} y="0" width={count} height="10" />;
      })}
    </svg>
  );
}

/** Whether a service is sent analyses, as mark, word and colour. */
export function Circuit({ health }: { health: Health }): JSX.Element {
  const { words, tone } = circuitWords(health);
  return (
    <span class={`circuit ${tone}`}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {tone === "good" && <circle cx="6" cy="6" r="4.5" fill="currentColor" />}
        {tone === "warn" && <path d="M6 1 11.500 11H.5z" fill="currentColor" />}
        {tone === "bad" && <rect x="1.500" y="1.500" width="9" height="9" fill="currentColor" />}
      </svg>
      {words}
    </span>
  );
}

/** The median and 95th percentile of how long analyses take. */
export function Durations({ health }: { health: Health }): JSX.Element {
  const { median, percentile_95: slow } = health.seconds;
  if (median === null) return <span class="muted">–</span>;
  return (
    <span class="nowrap">
      {duration(median)}
      {slow !== null && <span class="muted"> / {duration(slow)}</span>}
    </span>
  );
}
