import type { JSX } from "preact";
import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { useAsked } from "../../../live/cache";
import { AsCode } from "../../../parts/AsCode";
import { Loaded } from "../../../parts/Loaded";
import { useQuery } from "../../../parts/query";
import { DARK, LIGHT } from "../../../plots/look";
import { savePicture } from "../../../plots/picture";
import { Plot, type Size } from "../../../plots/Plot";
import { spectraFigure, type Spectrum } from "../../../plots/spectra/figure";
import { ELEMENTS } from "../../../plots/spectra/lines";
import { isDark } from "../../../theme/theme";
import { Tick } from "../light_curve/Controls";
import { sourcePath } from "../queries";
import { queryOf, type SpectraChoice, viewOf } from "./view";

interface Record {
  id: number;
  observed_at: string;
  instrument_name: string | null;
  telescope_name: string | null;
  label: string | null;
  wavelengths: number[];
  fluxes: (number | null)[];
  units: string | null;
}

/** The spectra of a source over rest or observed wavelengths, with lines at its redshift. */
export function Spectra({ id, redshift }: { id: string; redshift: number | null }): JSX.Element {
  const path = `${sourcePath(id)}/spectra`;
  const asked = useAsked(`spectra/${id}`, () => ask<{ spectra: Record[] }>("GET", path));
  return (
    <section class="panel" aria-labelledby="spectra">
      <h2 id="spectra">Spectra</h2>
      <Loaded asked={asked} lines={5} tall>
        {({ spectra }) =>
          spectra.length === 0 ? (
            <div class="empty">
              <strong>No spectrum yet</strong>
              Drop a file of two columns, wavelength and flux, on “Add data”, or post it to <code>/api/spectrum</code>.
            </div>
          ) : (
            <Shown id={id} path={path} records={spectra} redshift={redshift} />
          )
        }
      </Loaded>
    </section>
  );
}

function Shown({ id, path, records, redshift }: { id: string; path: string; records: Record[]; redshift: number | null }): JSX.Element {
  const [query, setQuery] = useQuery();
  const choice = viewOf(Object.fromEntries(query));
  const change = (changes: Partial<SpectraChoice>) => setQuery(queryOf({ ...choice, ...changes }), true);
  const picture = useRef<HTMLElement | null>(null);
  const [hidden, setHidden] = useState<number[]>([]);
  const spectra = useMemo(() => records.map(spectrumOf), [records]);
  const z = choice.z ?? redshift ?? 0;
  const look = isDark.value ? DARK : LIGHT;
  const figure = useCallback(
    (_: Size) =>
      spectraFigure(
        spectra.filter((one) => !hidden.includes(one.id)),
        { rest: choice.rest, smoothing: choice.smoothing, normalise: choice.normalise, elements: choice.elements, redshift: z },
        look,
      ),
    [spectra, hidden, JSON.stringify(choice), z, look],
  );
  return (
    <>
      <div class="plot-tools no-print">
        <div class="choices" role="group" aria-label="Wavelengths">
          <button type="button" class="button" aria-pressed={!choice.rest} onClick={() => change({ rest: false })}>
            Observed
          </button>
          <button type="button" class="button" aria-pressed={choice.rest} onClick={() => change({ rest: true })}>
            Rest
          </button>
        </div>
        <label class="check">
          z
          <input
            class="input short redshift"
            type="number"
            step="0.001"
            value={z}
            onChange={({ currentTarget }) => change({ z: currentTarget.value === "" ? null : currentTarget.valueAsNumber })}
          />
        </label>
        <label class="check">
          Smoothing
          <input
            type="range"
            min="0"
            max="20"
            value={choice.smoothing}
            onInput={({ currentTarget }) => change({ smoothing: currentTarget.valueAsNumber })}
          />
          <span class="small muted">{choice.smoothing ? `${2 * choice.smoothing + 1} points` : "none"}</span>
        </label>
        <Tick label="Normalise" on={choice.normalise} onTick={(normalise) => change({ normalise })} />
      </div>
      <ul class="legend no-print" aria-label="Lines by element">
        {ELEMENTS.map(({ name, colour }) => (
          <li key={name}>
            <button
              type="button"
              class="element"
              aria-pressed={choice.elements.includes(name)}
              onClick={() =>
                change({
                  elements: choice.elements.includes(name) ? choice.elements.filter((one) => one !== name) : [...choice.elements, name],
                })
              }
            >
              <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true">
                <path d="M5 0v12" stroke={look.dark ? colour.dark : colour.light} stroke-width="3" stroke-dasharray="3 2" />
              </svg>
              {name}
            </button>
          </li>
        ))}
      </ul>
      {spectra.length > 1 && (
        <div class="plot-tools no-print" role="group" aria-label="Spectra shown">
          {spectra.map((one) => (
            <Tick
              key={one.id}
              label={one.name}
              on={!hidden.includes(one.id)}
              onTick={(on) => setHidden(on ? hidden.filter((other) => other !== one.id) : [...hidden, one.id])}
            />
          ))}
        </div>
      )}
      <Plot label={`Spectra of ${id}`} height={360} figure={figure} handle={(element) => (picture.current = element)} />
      <div class="row small muted no-print">
        <span>{spectra.length === 1 ? spectra[0]?.name : `${spectra.length} spectra`}. Drag to zoom.</span>
        <button type="button" class="button" onClick={() => picture.current && void savePicture(picture.current, `${id}_spectra`)}>
          PNG
        </button>
        <AsCode path={path} />
      </div>
    </>
  );
}

function spectrumOf({ id, observed_at, instrument_name, telescope_name, label, wavelengths, fluxes, units }: Record): Spectrum {
  const where = label ?? instrument_name ?? telescope_name ?? "spectrum";
  return { id, name: `${where}, ${observed_at.slice(0, 10)}`, wavelengths, fluxes, units };
}
