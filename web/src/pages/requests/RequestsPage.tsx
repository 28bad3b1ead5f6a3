import type { JSX } from "preact";
import { useQuery } from "../../parts/query";
import { useTitle } from "../../parts/title";
import { Batches } from "./Batches";
import { Bars } from "./Bars";
import { useCounts, WINDOWS, type Window } from "./counts";
import { FilterBar } from "./FilterBar";
import { filtersOf } from "./runs";
import { Runs } from "./Runs";
import { Tiles } from "./Tiles";
import "./requests.css";

/** Everything that was asked of services: how much of it stands where, and each run by itself. */
export default function RequestsPage(): JSX.Element {
  useTitle("Requests");
  const [query, change] = useQuery();
  const given = query.get("window");
  const window: Window = WINDOWS.find(([name]) => name === given)?.[0] ?? "24h";
  const counts = useCounts(window);
  const filters = filtersOf(query);
  return (
    <main class="page">
      <div class="page-head">
        <h1>Requests</h1>
        <div class="choices" role="group" aria-label="Time">
          {WINDOWS.map(([name, words]) => (
            <button
              key={name}
              type="button"
              class="button"
              aria-pressed={name === window}
              onClick={() => change({ window: name === "24h" ? null : name })}
            >
              {words}
            </button>
          ))}
        </div>
      </div>
      <Tiles counts={counts} chosen={filters.status ?? null} choose={(status) => change({ status })} />
      <Bars counts={counts} window={window} />
      <section class="panel" aria-labelledby="runs">
        <h2 id="runs">Runs</h2>
        <FilterBar filters={filters} change={change} />
        <Runs filters={filters} />
      </section>
      <Batches chosen={filters.batchID ?? null} choose={(batchID) => change({ batchID })} />
    </main>
  );
}
