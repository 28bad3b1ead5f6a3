import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { Field } from "../../parts/Field";
import { Tick } from "../source/light_curve/Controls";
import { MOST, type Searched } from "./points";
import type { View } from "./view";

interface Properties {
  view: View;
  usable: string[];
  searched: Searched;
  onChange: (changes: Partial<View>) => void;
}

const NUMBERS = [
  ["minPeriod", "Shortest period (d)"],
  ["maxPeriod", "Longest period (d)"],
  ["from", "From (MJD)"],
  ["to", "To (MJD)"],
  ["oversampling", "Oversampling"],
] as const;

/** What is searched: which points, which periods, which method. */
export function Settings({ view, usable, searched: { filters: chosen, left, from }, onChange }: Properties): JSX.Element {
  return (
    <div class="panel">
      <div class="plot-tools" role="group" aria-label="Filters">
        {usable.map((filter) => (
          <Tick
            key={filter}
            label={filter}
            on={chosen.includes(filter)}
            onTick={(on) => {
              const next = usable.filter((one) => (one === filter ? on : chosen.includes(one)));
              onChange({ filters: next.length ? next : chosen, period: null });
            }}
          />
        ))}
      </div>
      {left > 0 && from !== null && (
        <p class="small muted">
          At most {MOST.toLocaleString("en")} points are searched at once: these are the newest, from MJD {from.toFixed(1)}. “From” and “To” choose
          others.
        </p>
      )}
      <div class="fields settings">
        <Field label="Method">
          {(control) => (
            <select
              class="input"
              {...control}
              value={view.method}
              onChange={({ currentTarget: { value } }) => onChange({ method: value === "box" ? "box" : "lomb_scargle", period: null })}
            >
              <option value="lomb_scargle">Lomb–Scargle</option>
              <option value="box">Box least squares</option>
            </select>
          )}
        </Field>
        {view.method === "lomb_scargle" && (
          <Field label="Terms">
            {(control) => (
              <select
                class="input"
                {...control}
                value={view.terms}
                onChange={(event) => onChange({ terms: Number(event.currentTarget.value), period: null })}
              >
                {[1, 2, 3, 4].map((terms) => (
                  <option key={terms} value={terms}>
                    {terms}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {NUMBERS.map(([name, label]) => (
          <Typed key={name} label={label} value={view[name]} onEnter={(value) => onChange({ [name]: value, period: null })} />
        ))}
      </div>
    </div>
  );
}

/** A number that counts once it is typed to its end. */
function Typed({ label, value, onEnter }: { label: string; value: number | null; onEnter: (value: number | null) => void }): JSX.Element {
  const [text, setText] = useState(value === null ? "" : String(value));
  useLayoutEffect(() => setText(value === null ? "" : String(Number(value.toPrecision(8)))), [value]);
  return (
    <Field label={label}>
      {(control) => (
        <input
          class="input"
          type="number"
          min="0"
          step="any"
          placeholder="automatic"
          {...control}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onChange={(event) => onEnter(event.currentTarget.valueAsNumber > 0 ? event.currentTarget.valueAsNumber : null)}
        />
      )}
    </Field>
  );
}
