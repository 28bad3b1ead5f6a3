import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useRoute } from "preact-iso";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { AsCode } from "../../parts/AsCode";
import { Loaded } from "../../parts/Loaded";
import { useQuery } from "../../parts/query";
import { useTitle } from "../../parts/title";
import type { Columns } from "../../plots/light_curve/columns";
import { useLightCurve } from "../source/light_curve/queries";
import { Fold } from "./Fold";
import { Peaks } from "./Peaks";
import { pointsOf, searchedOf, usableFilters } from "./points";
import { Power } from "./Power";
import { Settings } from "./Settings";
import { parametersOf, queryOf, type View, viewOf } from "./view";
import "./periodogram.css";

export type Computed = components["schemas"]["Periodogram"];

/** The periods of a source: power, peaks and the folded light curve; the view stands in the URL. */
export default function PeriodogramPage(): JSX.Element {
  const id = decodeURIComponent(useRoute().params["id"] ?? "");
  useTitle(`Periodogram of ${id}`);
  const photometry = useLightCurve(id, false);
  return (
    <main class="page">
      <div class="page-head">
        <h1>
          <a href={to("sources", id)}>{id}</a>
        </h1>
      </div>
      <section class="stack" aria-labelledby="periodogram">
        <h2 id="periodogram">Periodogram</h2>
        <Loaded asked={photometry} lines={9} tall>
          {({ columns }) => <Of id={id} columns={columns} />}
        </Loaded>
      </section>
    </main>
  );
}

function Of({ id, columns }: { id: string; columns: Columns }): JSX.Element {
  const [query, setQuery] = useQuery();
  const view = viewOf(query);
  const change = (changes: Partial<View>, replace = false) => setQuery(queryOf({ ...view, ...changes }), replace);
  const usable = usableFilters(columns);
  const searched = useMemo(() => searchedOf(columns, view), [columns, ...[view.filters.join(), view.from, view.to]]);
  const { filters } = searched;
  const parameters = parametersOf({ ...view, ...searched });
  const path = `/api/sources/${encodeURIComponent(id)}/periodogram`;
  const key = filters.length ? `periodogram/${id}/${JSON.stringify(parameters)}` : null;
  const asked = useAsked(key, () => ask<Computed>("GET", path, { query: parameters }));
  if (filters.length === 0) {
    return (
      <div class="panel empty">
        <strong>Too few points</strong>A period is looked for once a filter has at least 10 points that are detections.
      </div>
    );
  }
  const text = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  return (
    <>
      <Settings view={view} usable={usable} searched={searched} onChange={change} />
      <Loaded asked={asked} lines={9} tall>
        {(computed) => {
          const period = view.period ?? computed.peaks[0]?.period ?? 1;
          const points = pointsOf(columns, filters, searched.from, searched.to);
          return (
            <>
              <Power computed={computed} view={view} period={period} onChange={change} />
              <div class="halves">
                <Peaks id={id} computed={computed} period={period} filters={filters} onChoose={(chosen) => change({ period: chosen })} />
                <Fold id={id} points={points} epoch={computed.folded.epoch} period={period} peaks={computed.peaks} onChange={change} />
              </div>
              <div class="row small muted">
                <span>
                  {computed.n_points.toLocaleString("en")} detections, {computed.n_frequencies.toLocaleString("en")} frequencies.
                </span>
                <AsCode path={`${path}?${text.toString()}`} />
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
