import type { JSX } from "preact";
import { dateTime } from "../../formats";
import type { Asked } from "../../live/cache";
import { Skeleton } from "../../parts/Skeleton";
import { STATES, stateWord } from "../../parts/State";
import type { Bin, Counts, Window } from "./counts";

const [WIDTH, HEIGHT, FOOT] = [1200, 150, 20];

/** When runs were started and what became of them: stacked bars over time. */
export function Bars({ counts, window }: { counts: Asked<Counts>; window: Window }): JSX.Element | null {
  if (counts.data === undefined) return counts.asking ? <Skeleton lines={4} label="Loading the bars" /> : null;
  const { bins } = counts.data;
  const most = Math.max(1, ...bins.map(total));
  const step = WIDTH / Math.max(1, bins.length);
  return (
    <figure class="panel bars">
      <figcaption class="row">
        <strong class="bars-title">Started, by what became of it</strong>
        <span class="small muted">
          at most {most} in {window === "1h" ? "5 minutes" : window === "24h" ? "an hour" : "a bar"} · UTC{counts.data.complete === false && " · the newest 5,000 runs"}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`} role="img" aria-label={spoken(bins)} preserveAspectRatio="none">
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} class="axis" />
        {bins.map((bin, place) => (
          <g key={bin.from}>
            <title>{describe(bin)}</title>
            <rect x={place * step} y="0" width={step} height={HEIGHT} class="ground" />
            {stacked(bin).map(({ state, count, below }) => (
              <rect
                key={state}
                class={`bar-part ${state}`}
                x={place * step + step * 0.12}
                width={step * 0.76}
                y={HEIGHT - ((below + count) / most) * (HEIGHT - 6)}
                height={(count / most) * (HEIGHT - 6)}
              />
            ))}
          </g>
        ))}
      </svg>
      <div class="bars-foot small muted" aria-hidden="true">
        <span>{bins[0] && shortTime(bins[0].from, window)}</span>
        <span>{bins.length > 2 && shortTime(String(bins[Math.floor(bins.length / 2)]?.from), window)}</span>
        <span>{bins.at(-1) && shortTime(String(bins.at(-1)?.to), window)}</span>
      </div>
    </figure>
  );
}

const countOf = (bin: Bin, state: string): number => Number(bin[state] ?? 0);
const total = (bin: Bin): number => STATES.reduce((sum, state) => sum + countOf(bin, state), 0);

function stacked(bin: Bin): { state: string; count: number; below: number }[] {
  let below = 0;
  return ["completed", "pending", "queued", "cancelled", "timed_out", "failure"].flatMap((state) => {
    const count = countOf(bin, state);
    below += count;
    return count ? [{ state, count, below: below - count }] : [];
  });
}

function describe(bin: Bin): string {
  const parts = STATES.filter((state) => countOf(bin, state)).map((state) => `${countOf(bin, state)} ${stateWord(state)}`);
  return `${dateTime(bin.from).slice(0, 16)} to ${dateTime(bin.to).slice(11, 16)}: ${parts.join(", ") || "none"}`;
}

function spoken(bins: Bin[]): string {
  const sum = bins.reduce((all, bin) => all + total(bin), 0);
  return `${sum} runs over time, in ${bins.length} bars`;
}

function shortTime(at: string, window: Window): string {
  const text = dateTime(at);
  return window === "1h" || window === "24h" ? text.slice(11, 16) : text.slice(5, 10);
}
