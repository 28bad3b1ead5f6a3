import type { JSX } from "preact";
import { useCallback, useMemo, useRef } from "preact/hooks";
import { apiUrl } from "../../../api/base";
import type { Asked } from "../../../live/cache";
import { Loaded } from "../../../parts/Loaded";
import { useQuery } from "../../../parts/query";
import { DARK, LIGHT } from "../../../plots/look";
import { savePicture } from "../../../plots/picture";
import { Plot, type Size, type Zoom } from "../../../plots/Plot";
import { type Columns, rowsByFilter } from "../../../plots/light_curve/columns";
import { type LightCurveFigure, lightCurveFigure, MOST_ERROR_BARS } from "../../../plots/light_curve/figure";
import { type Model, modelsOfAll, type RunWithModel } from "../../../plots/light_curve/models";
import { queryOf, type View, viewOf } from "../../../plots/light_curve/view";
import { isDark } from "../../../theme/theme";
import { AsCode } from "../../../parts/AsCode";
import { Controls, Tick } from "./Controls";
import { Legend } from "./Legend";
import { lightCurvePath, type Photometry, useInstruments } from "./queries";
import { zoomed } from "./zoom";

interface Properties {
  id: string;
  /** The distance modulus, null where it is not known. */
  modulus: number | null;
  /** E(B−V), null where it is not known. */
  reddening: number | null;
  runs: readonly RunWithModel[];
  asked: Asked<Photometry>;
}

/** The light curve of a source; how it is looked at stands in the URL. */
export function LightCurve({ id, modulus, reddening, runs, asked }: Properties): JSX.Element {
  const [query, setQuery] = useQuery();
  const view = viewOf(Object.fromEntries(query));
  const change = (changes: Partial<View>, replace = false) => setQuery(queryOf({ ...view, ...changes }), replace);
  return (
    <section class="panel" aria-labelledby="light-curve">
      <div class="panel-head">
        <h2 id="light-curve">Light curve</h2>
      </div>
      {(asked.problem || asked.data?.n !== 0) && (
        <Controls
          view={{ ...view, errors: view.errors ?? (asked.data?.n ?? 0) <= MOST_ERROR_BARS }}
          absolute={modulus !== null}
          reddening={reddening !== null}
          onChange={change}
        />
      )}
      <Loaded asked={asked} lines={9} tall>
        {({ columns }) =>
          columns.mjd.length === 0 ? (
            <div class="empty">
              <strong>No photometry yet</strong>
              Drop a CSV or ECSV file on “Add data” below, or post it to <code>/api/photometry</code>.
            </div>
          ) : (
            <Shown id={id} columns={columns} view={view} modulus={modulus} models={modelsOfAll(runs)} onChange={change} />
          )
        }
      </Loaded>
    </section>
  );
}

interface ShownProperties {
  id: string;
  columns: Columns;
  view: View;
  modulus: number | null;
  models: Model[];
  onChange: (changes: Partial<View>, replace?: boolean) => void;
}

function Shown({ id, columns, view, modulus, models, onChange }: ShownProperties): JSX.Element {
  const picture = useRef<HTMLElement | null>(null);
  const filters = useMemo(() => rowsByFilter(columns), [columns]);
  const chosen = models.filter(({ runId }) => view.models.includes(runId));
  const query = view.extinction ? "?extinction=true" : "";
  const apart = view.sideBySide && chosen.length > 1;
  return (
    <>
      <Legend
        filters={filters}
        hidden={view.hidden}
        dark={isDark.value}
        onToggle={(filter) =>
          onChange({ hidden: view.hidden.includes(filter) ? view.hidden.filter((one) => one !== filter) : [...view.hidden, filter] }, true)
        }
      />
      {models.length > 0 && <ModelChoice models={models} view={view} onChange={onChange} />}
      <div class={apart ? "side-by-side" : ""}>
        {(apart ? chosen.map((model) => [model]) : [chosen]).map((shown, number) => (
          <div key={number}>
            {apart && <h3>{shown[0]?.name}</h3>}
            <Curve
              id={id}
              columns={columns}
              view={view}
              modulus={modulus}
              models={shown}
              onChange={onChange}
              handle={(element) => number === 0 && (picture.current = element)}
            />
          </div>
        ))}
      </div>
      <div class="row small muted no-print">
        <span>
          {columns.mjd.length.toLocaleString("en")} points. Filled: detections · hollow: forced photometry · triangles: limits. Drag to
          zoom, double click to see all.
        </span>
        {(view.times || view.heights) && (
          <button type="button" class="button" onClick={() => onChange({ times: null, heights: null })}>
            Whole light curve
          </button>
        )}
        <a class="button" href={apiUrl(`${lightCurvePath(id)}.csv${query}`)} download={`${id}_light_curve.csv`}>
          CSV
        </a>
        <button type="button" class="button" onClick={() => picture.current && void savePicture(picture.current, `${id}_light_curve`)}>
          PNG
        </button>
        <AsCode path={lightCurvePath(id) + query} />
      </div>
    </>
  );
}

function ModelChoice({ models, view, onChange }: Pick<ShownProperties, "models" | "view" | "onChange">): JSX.Element {
  const ids = [...new Set(models.map(({ runId }) => runId))];
  const toggled = (id: number, on: boolean) => (on ? [...view.models, id] : view.models.filter((one) => one !== id));
  return (
    <div class="plot-tools no-print" role="group" aria-label="Models of completed fits">
      <span class="small muted">Models</span>
      {ids.slice(0, 12).map((id) => (
        <Tick
          key={id}
          label={models.find(({ runId }) => runId === id)?.name ?? `analysis ${id}`}
          on={view.models.includes(id)}
          onTick={(on) => onChange({ models: toggled(id, on) })}
        />
      ))}
      {view.models.length > 0 && <Tick label="Residuals" on={view.residuals} onTick={(residuals) => onChange({ residuals })} />}
      {view.models.length > 1 && <Tick label="Side by side" on={view.sideBySide} onTick={(sideBySide) => onChange({ sideBySide })} />}
    </div>
  );
}

function Curve({
  id,
  columns,
  view,
  modulus,
  models,
  onChange,
  handle,
}: ShownProperties & { handle: (element: HTMLElement | null) => void }): JSX.Element {
  const instruments = useInstruments();
  const look = isDark.value ? DARK : LIGHT;
  const latest = useRef<LightCurveFigure | null>(null);
  const key = JSON.stringify([view, models.map(({ runId, name }) => [runId, name]), instruments.size]);
  const figure = useCallback(
    (size: Size) => (latest.current = lightCurveFigure({ columns, view, modulus, instruments, models, look, size })),
    [columns, key, modulus, look],
  );
  const zoom = (ends: Zoom) => {
    const changes = latest.current && zoomed(ends, latest.current.axes);
    if (changes && Object.keys(changes).length > 0) onChange(changes, true);
  };
  return (
    <Plot
      label={`Light curve of ${id}`}
      height={view.residuals && models.length > 0 ? 520 : 420}
      figure={figure}
      onZoom={zoom}
      onReset={() => onChange({ times: null, heights: null }, true)}
      handle={handle}
    />
  );
}
