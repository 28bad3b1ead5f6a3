import type { JSX } from "preact";
import { duration } from "../../formats";
import { STATES, stateWord } from "../../parts/State";
import { circuitWords, type Health } from "./health";

const [WIDTH, HEIGHT, LEAST] = [120, 22, 4];

/** The newest analyses of a service, oldest first: how long each took, and what became of it. */
export function Sparkline({ health }: { health: Health }): JSX.Element {
  const { recent } = health;
  if (recent.length === 0) return <span class="muted">none yet</span>;
  const counts = STATES.map((state) => [state, recent.filter((run) => run.status === state).length] as const);
  const words = counts.flatMap(([state, count]) => (count > 0 ? `${count} ${stateWord(state)}` : [])).join(", ");
  const longest = Math.max(...recent.map((run) => run.seconds ?? 0), 0.001);
  const step = Math.min(8, WIDTH / recent.length);
  return (
    <svg class="sparkline" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <title>{words}</title>
      {recent.map((run, place) => {
        const height = LEAST + (HEIGHT - LEAST) * Math.sqrt((run.seconds ?? 0) / longest);
        return <rect key={place} class={`bar-part ${run.status}`} x={place * step} y={HEIGHT - height} width={step - 1} height={height} />;
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
