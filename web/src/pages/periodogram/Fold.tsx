import type { JSX } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { DARK, LIGHT } from "../../plots/look";
import { foldFigure, folded, type Peak, type Points } from "../../plots/periodogram/figures";
import { savePicture } from "../../plots/picture";
import { Plot, type Size } from "../../plots/Plot";
import { significant } from "../../sky/numbers";
import { isDark } from "../../theme/theme";
import { slack } from "./points";
import type { View } from "./view";

interface Properties {
  id: string;
  points: Points;
  epoch: number;
  period: number;
  peaks: readonly Peak[];
  onChange: (changes: Partial<View>, replace?: boolean) => void;
}

const MULTIPLES: [number, string][] = [
  [0.5, "½ ×"],
  [1, "1 ×"],
  [2, "2 ×"],
  [3, "3 ×"],
];
const STEPS = 500;

/** The light curve over the phase: at a peak, at parts and multiples of it, and at whatever is near. */
export function Fold({ id, points, epoch, period, peaks, onChange }: Properties): JSX.Element {
  const look = isDark.value ? DARK : LIGHT;
  const picture = useRef<HTMLElement | null>(null);
  const [base, setBase] = useState(period);
  const [near, setNear] = useState({ middle: period, steps: 0 });
  const [copied, setCopied] = useState(false);
  useLayoutEffect(() => {
    if (peaks.some((peak) => peak.period === period)) setBase(period);
    setNear((now) => (at(now.middle, now.steps, points) === period ? now : { middle: period, steps: 0 }));
    setCopied(false);
  }, [period]);
  const data = `${points.mjd.length}/${points.mjd[0]}/${points.filter.join("").length}`;
  const figure = useCallback((size: Size) => foldFigure(folded(points, period, epoch), look, size), [data, period, epoch, look]);
  return (
    <div class="panel">
      <div class="panel-head">
        <h3>Folded at {significant(period, 8)} d</h3>
        <button type="button" class="button" onClick={() => void navigator.clipboard.writeText(linkTo(period)).then(() => setCopied(true))}>
          {copied ? "Copied" : "Copy link"}
        </button>
        <button type="button" class="button" onClick={() => picture.current && void savePicture(picture.current, `${id}_folded`)}>
          PNG
        </button>
      </div>
      <div class="plot-tools">
        <div class="choices" role="group" aria-label="Multiple of the period">
          {MULTIPLES.map(([times, name]) => (
            <button
              key={times}
              type="button"
              class="button"
              aria-pressed={Math.abs(period - times * base) < 1e-9 * period}
              onClick={() => onChange({ period: times * base })}
            >
              {name}
            </button>
          ))}
        </div>
        <label class="check">
          Period (d)
          <input
            class="input short period-input"
            type="number"
            min="0"
            step="any"
            value={Number(period.toPrecision(9))}
            onChange={({ currentTarget }) => currentTarget.valueAsNumber > 0 && onChange({ period: currentTarget.valueAsNumber })}
          />
        </label>
        <label class="check slider">
          Fine
          <input
            type="range"
            min={-STEPS}
            max={STEPS}
            value={near.steps}
            onInput={({ currentTarget }) => {
              const next = { middle: near.middle, steps: currentTarget.valueAsNumber };
              setNear(next);
              onChange({ period: at(next.middle, next.steps, points) }, true);
            }}
          />
        </label>
      </div>
      <Plot
        label={`Light curve of ${id} folded at ${significant(period, 8)} days`}
        height={320}
        figure={figure}
        handle={(element) => (picture.current = element)}
      />
    </div>
  );
}

const at = (middle: number, steps: number, points: Points): number =>
  steps === 0 ? middle : Number((middle + (slack(middle, points) * steps) / STEPS).toPrecision(10));

function linkTo(period: number): string {
  const url = new URL(location.href);
  url.searchParams.set("period", String(period));
  return url.href;
}
