import type { JSX } from "preact";
import { session } from "../../../api/session";
import { Check, Checks, named } from "../../../parts/controls";
import { ShownResults } from "../../../parts/ShownResults";

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

/** Which data are sent, who sees the result, and what of it is shown. */
export function Options({ choices, filters, instruments, photometry, onChoose }: Properties): JSX.Element {
  const groups = session.value?.groups ?? [];
  return (
    <details class="options">
      <summary>Data, sharing and display</summary>
      <div class="stack">
        {photometry && (
          <>
            <Checks
              small
              legend="Filters (all, if none is ticked)"
              options={named(filters)}
              chosen={choices.filters}
              choose={(chosen) => onChoose({ ...choices, filters: chosen })}
            />
            {instruments.length > 1 && (
              <Checks
                small
                legend="Instruments (all, if none is ticked)"
                options={instruments}
                chosen={choices.instruments}
                choose={(chosen) => onChoose({ ...choices, instruments: chosen })}
              />
            )}
            <Check
              label="Correct for Galactic extinction before sending"
              on={choices.correct_extinction}
              set={(on) => onChoose({ ...choices, correct_extinction: on })}
            />
          </>
        )}
        <Checks
          small
          legend="Share with groups (all of mine, if none is ticked)"
          options={groups.map(({ id, name }) => [id, name])}
          chosen={choices.groups}
          choose={(chosen) => onChoose({ ...choices, groups: chosen })}
        />
        <ShownResults shown={choices} choose={(shown) => onChoose({ ...choices, ...shown })} />
      </div>
    </details>
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
