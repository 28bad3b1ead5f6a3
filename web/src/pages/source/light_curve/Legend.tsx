import type { JSX } from "preact";
import { byWavelength, colourOf } from "../../../sky/filters";
import { isPaper } from "../../../theme/theme";
import type { Rows } from "../../../plots/light_curve/columns";

interface Properties {
  filters: ReadonlyMap<string, Rows>;
  hidden: readonly string[];
  dark: boolean;
  onToggle: (filter: string) => void;
}

/** Filters by wavelength; each switches its points off and on. */
export function Legend({ filters, hidden, dark, onToggle }: Properties): JSX.Element {
  return (
    <ul class="legend" aria-label="Filters">
      {byWavelength(filters.keys()).map((filter) => {
        const rows = filters.get(filter);
        const count = rows ? rows.detections.length + rows.forced.length : 0;
        const named = (
          <>
            <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">
              <circle cx="5.5" cy="5.5" r="5" fill={colourOf(filter, dark)} />
            </svg>
            {filter}
          </>
        );
        if (isPaper.value) return hidden.includes(filter) ? null : <li key={filter}>{named}</li>;
        return (
          <li key={filter}>
            <button
              type="button"
              aria-pressed={!hidden.includes(filter)}
              title={`${count} detections, ${rows?.limits.length ?? 0} limits`}
              onClick={() => onToggle(filter)}
            >
              {named}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
