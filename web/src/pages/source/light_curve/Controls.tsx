import type { JSX } from "preact";
import type { Horizontal, Vertical, View } from "../../../plots/light_curve/view";

interface Properties {
  view: View;
  /** Whether the distance is known. */
  absolute: boolean;
  /** Whether E(B−V) is known. */
  reddening: boolean;
  onChange: (change: Partial<View>) => void;
}

const VERTICALS: [Vertical, string][] = [
  ["mag", "Magnitude"],
  ["flux", "Flux"],
  ["absolute", "Absolute magnitude"],
];
const HORIZONTALS: [Horizontal, string][] = [
  ["mjd", "MJD"],
  ["date", "Date"],
  ["days", "Days since T0"],
];

/** What the axes show, and which points. */
export function Controls({ view, absolute, reddening, onChange }: Properties): JSX.Element {
  const verticals = VERTICALS.filter(([y]) => y !== "absolute" || absolute);
  return (
    <div class="plot-tools no-print">
      <Choice label="Vertical axis" options={verticals} chosen={view.y} onChoose={(y) => onChange({ y, heights: null })} />
      <Choice label="Horizontal axis" options={HORIZONTALS} chosen={view.x} onChoose={(x) => onChange({ x })} />
      {view.x === "days" && (
        <label class="check">
          T0 (MJD)
          <input
            class="input short t0"
            type="number"
            step="any"
            placeholder="first detection"
            value={view.t0 ?? ""}
            onChange={(event) => onChange({ t0: event.currentTarget.value === "" ? null : event.currentTarget.valueAsNumber })}
          />
        </label>
      )}
      <Tick label="Limits" on={view.limits} onTick={(limits) => onChange({ limits })} />
      <Tick label="Error bars" on={view.errors} onTick={(errors) => onChange({ errors })} />
      {(reddening || view.extinction) && (
        <Tick label="Correct extinction" on={view.extinction} onTick={(extinction) => onChange({ extinction, heights: null })} />
      )}
    </div>
  );
}

interface ChoiceProperties<T extends string> {
  label: string;
  options: [T, string][];
  chosen: T;
  onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, options, chosen, onChoose }: ChoiceProperties<T>): JSX.Element {
  return (
    <div class="choices" role="group" aria-label={label}>
      {options.map(([value, name]) => (
        <button key={value} type="button" class="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {name}
        </button>
      ))}
    </div>
  );
}

/** A checkbox; null leaves it to the number of points. */
export function Tick({ label, on, onTick }: { label: string; on: boolean | null; onTick: (on: boolean) => void }): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={on ?? false} onChange={(event) => onTick(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
