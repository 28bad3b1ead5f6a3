import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import type { Analysis } from "./AnalysisPage";
import { type CornerOptions, DEFAULT_OPTIONS, plotKwargs } from "./cornerOptions";
import { Picture } from "./Picture";

interface Properties {
  run: Analysis;
  path: string;
  onClose: () => void;
}

const TEXTS: [keyof CornerOptions, string, string][] = [
  ["bins", "Bins", "2 to 60"],
  ["smooth", "Smoothing", "in bins, such as 1"],
  ["quantiles", "Quantiles", "between commas"],
  ["var_names", "Parameters", "names, all if empty"],
  ["title_fmt", "Number format", "such as .3f"],
  ["color", "Colour", "name or #code"],
];

const SWITCHES: [keyof CornerOptions, string][] = [
  ["show_titles", "Titles"],
  ["plot_datapoints", "Points"],
  ["fill_contours", "Filled contours"],
];

/** The corner plot over the whole screen, with arguments of corner to play with. */
export function CornerDialog({ run, path, onClose }: Properties): JSX.Element {
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const [drawn, setDrawn] = useState(path);
  const set = (name: keyof CornerOptions, value: string | boolean): void => setOptions({ ...options, [name]: value });
  const draw = (event: Event): void => {
    event.preventDefault();
    const kwargs = plotKwargs(options);
    setDrawn(Object.keys(kwargs).length === 0 ? path : `${path}?plot_kwargs=${encodeURIComponent(JSON.stringify(kwargs))}`);
  };
  return (
    <Dialog title={`Corner plot of ${run.obj_id}`} onClose={onClose} large>
      <div class="corner-dialog">
        <form class="stack" onSubmit={draw}>
          {TEXTS.map(([name, label, hint]) => (
            <Field key={name} label={label} hint={hint}>
              {(control) => (
                <input {...control} class="input" value={String(options[name])} onInput={(event) => set(name, event.currentTarget.value)} />
              )}
            </Field>
          ))}
          {SWITCHES.map(([name, label]) => (
            <label key={name} class="check">
              <input type="checkbox" checked={options[name] === true} onChange={(event) => set(name, event.currentTarget.checked)} />
              {label}
            </label>
          ))}
          <button type="submit" class="button primary">
            Draw
          </button>
        </form>
        <Picture key={drawn} path={drawn} alt={`Corner plot of ${run.obj_id}, as asked for`} />
      </div>
    </Dialog>
  );
}
