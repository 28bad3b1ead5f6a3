import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { apiUrl } from "../../api/base";
import { ask } from "../../api/client";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { Skeleton } from "../../parts/Skeleton";
import { type Column, Table } from "../../parts/Table";
import type { Analysis } from "./AnalysisPage";
import type { Product } from "./products";
import { type ResultRow, rowsOf, shortened } from "./results";

const SHOWN_AT_ONCE = 200;

const ERROR: Column<ResultRow> = {
  head: "±",
  label: "Error",
  cell: (row) =>
    row.error !== null && (
      <span class="mono nowrap" title={row.error}>
        ± {shortened(row.error, 2)}
      </span>
    ),
};

interface Properties {
  run: Analysis;
  product: Product;
}

/** The free-form results as a table that can be searched. */
export function Results({ run, product }: Properties): JSX.Element {
  const ready = product.state === "ready";
  const asked = useAsked(ready ? `analysis/${run.id}/results` : null, () => ask<unknown>("GET", `/api/obj/analysis/${run.id}/results`));
  return (
    <section class="panel" aria-labelledby="results">
      <div class="panel-head">
        <h2 id="results">Results</h2>
        {ready && (
          <a class="button no-print" href={`${apiUrl(product.url)}?download=true`} download>
            JSON
          </a>
        )}
      </div>
      {product.state === "waiting" && <Skeleton lines={5} label="The results are being read" />}
      {product.state === "failed" && <ProblemNote problem={new Error(product.problem ?? "The results could not be read.")} />}
      {ready && (
        <Loaded asked={asked} lines={6}>
          {(results) => <ResultsTable results={results} />}
        </Loaded>
      )}
    </section>
  );
}

function ResultsTable({ results }: { results: unknown }): JSX.Element {
  const rows = useMemo(() => rowsOf(results), [results]);
  const [search, setSearch] = useState("");
  const [all, setAll] = useState(false);
  const wanted = search.trim().toLowerCase();
  const found = wanted ? rows.filter((row) => `${row.name} ${row.value}`.toLowerCase().includes(wanted)) : rows;
  const shown = all ? found : found.slice(0, SHOWN_AT_ONCE);
  const errors = rows.some((row) => row.error !== null);
  return (
    <>
      {rows.length > 8 && (
        <input
          class="input no-print"
          type="search"
          aria-label="Search results"
          placeholder={`Search ${rows.length} values`}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Table<ResultRow>
        caption="Results"
        rows={shown}
        rowKey={(row) => row.name}
        empty={wanted ? `Nothing has “${search}” in it.` : "The service sent empty results."}
        columns={[
          { head: "Name", cell: (row) => <span class="mono">{row.name}</span> },
          {
            head: "Value",
            cell: (row) => (
              <span class="mono value" title={row.value}>
                {shortened(row.value, 12)}
              </span>
            ),
          },
          ...(errors ? [ERROR] : []),
        ]}
      />
      {shown.length < found.length && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show all {found.length}
        </button>
      )}
    </>
  );
}
