import type { JSX } from "preact";
import { session } from "../../../api/session";

/** What a start says beside its parameters. */
export interface Choices {
  filters: string[];
  instruments: number[];
  groups: number[];
  show_parameters: boolean;
  show_plots: boolean;
  show_corner: boolean;
  correct_extinction: boolean;
}

export const PLAIN_CHOICES: Choices = {
  filters: [],
  instruments: [],
  groups: [],
  show_parameters: true,
  show_plots: true,
  show_corner: true,
  correct_extinction: false,
};

interface Properties {
  choices: Choices;
  filters: string[];
  instruments: [number, string][];
  photometry: boolean;
  onChoose: (choices: Choices) => void;
}

const SHOWN = [
  ["show_parameters", "Show parameters"],
  ["show_plots", "Show plots"],
  ["show_corner", "Show corner plot"],
] as const;

/** Which data are sent, who sees the result, and what of it is shown. */
export function Options({ choices, filters, instruments, photometry, onChoose }: Properties): JSX.Element {
  const groups = session.value?.groups ?? [];
  return (
    <details class="options">
      <summary>Data, sharing and display</summary>
      <div class="stack">
        {photometry && (
          <>
            <Several
              name="Filters (all, if none is ticked)"
              options={filters.map((one) => [one, one])}
              chosen={choices.filters}
              onChoose={(chosen) => onChoose({ ...choices, filters: chosen })}
            />
            {instruments.length > 1 && (
              <Several
                name="Instruments (all, if none is ticked)"
                options={instruments}
                chosen={choices.instruments}
                onChoose={(chosen) => onChoose({ ...choices, instruments: chosen })}
              />
            )}
            <label class="check">
              <input
                type="checkbox"
                checked={choices.correct_extinction}
                onChange={(event) => onChoose({ ...choices, correct_extinction: event.currentTarget.checked })}
              />
              Correct for Galactic extinction before sending
            </label>
          </>
        )}
        <Several
          name="Share with groups (all of mine, if none is ticked)"
          options={groups.map(({ id, name }) => [id, name])}
          chosen={choices.groups}
          onChoose={(chosen) => onChoose({ ...choices, groups: chosen })}
        />
        <fieldset class="checks-set">
          <legend>Result</legend>
          <div class="checks">
            {SHOWN.map(([key, name]) => (
              <label key={key} class="check">
                <input
                  type="checkbox"
                  checked={choices[key]}
                  onChange={(event) => onChoose({ ...choices, [key]: event.currentTarget.checked })}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
      </div>
    </details>
  );
}

interface SeveralProperties<T> {
  name: string;
  options: [T, string][];
  chosen: T[];
  onChoose: (chosen: T[]) => void;
}

function Several<T extends string | number>({ name, options, chosen, onChoose }: SeveralProperties<T>): JSX.Element {
  return (
    <fieldset class="checks-set">
      <legend>{name}</legend>
      <div class="checks">
        {options.map(([value, text]) => (
          <label key={value} class="check">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ currentTarget }) => onChoose(currentTarget.checked ? [...chosen, value] : chosen.filter((one) => one !== value))}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The body of a start. */
export function bodyOf(parameters: Record<string, unknown>, choices: Choices): Record<string, unknown> {
  const { filters, instruments, groups, correct_extinction, ...shown } = choices;
  const photometry = { ...(filters.length && { filters }), ...(instruments.length && { instruments }) };
  return {
    analysis_parameters: { ...parameters, ...(correct_extinction && { correct_extinction: true }) },
    ...(Object.keys(photometry).length && { input_filters: { photometry } }),
    ...(groups.length && { group_ids: groups }),
    ...shown,
  };
}
