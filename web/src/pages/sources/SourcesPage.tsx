import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { may } from "../../api/session";
import { counted } from "../../formats";
import { Loaded } from "../../parts/Loaded";
import { useQuery } from "../../parts/query";
import { useTitle } from "../../parts/title";
import { AddSource } from "./AddSource";
import { Filters } from "./Filters";
import { ImportFile } from "./ImportFile";
import { type ListedSource, newest, useGlance, useSources } from "./queries";
import { RunOnAll } from "./RunOnAll";
import { isFiltered, PER_PAGE, queryOf, type Search, searchOf } from "./search";
import { SourcesTable } from "./SourcesTable";
import "./sources.css";

/** The sources that one may see: found, looked at, and sent to a service together. */
export default function SourcesPage(): JSX.Element {
  useTitle("Sources");
  const [query, setQuery] = useQuery();
  const search = searchOf(query);
  const change = (changes: Partial<Search>, replace = false) => setQuery(queryOf(changes), replace);
  const asked = useSources(search);
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  return (
    <main class="page">
      <div class="page-head">
        <h1>Sources</h1>
        {may("Upload data") && (
          <div class="row">
            <button type="button" class="button" aria-expanded={adding} onClick={() => setAdding(!adding)}>
              Add a source
            </button>
            <button type="button" class="button" aria-expanded={importing} onClick={() => setImporting(!importing)}>
              Import a file
            </button>
          </div>
        )}
      </div>
      {adding && <AddSource onClose={() => setAdding(false)} />}
      {importing && <ImportFile sources={asked.data?.sources ?? []} />}
      <Filters search={search} onChange={change} />
      <section class="panel" aria-label="Sources found">
        <Loaded asked={asked} lines={8} tall>
          {({ sources, totalMatches }) => (
            <Found
              key={sources.map(({ id }) => id).join()}
              sources={sources}
              total={totalMatches}
              search={search}
              onChange={change}
              onAdd={() => setAdding(true)}
            />
          )}
        </Loaded>
      </section>
    </main>
  );
}

interface FoundProperties {
  sources: ListedSource[];
  total: number;
  search: Search;
  onChange: (changes: Partial<Search>) => void;
  onAdd: () => void;
}

function Found({ sources, total, search, onChange, onAdd }: FoundProperties): JSX.Element {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const glance = useGlance(sources.map(({ id }) => id));
  const shown = search.state ? sources.filter(({ id }) => newest(glance.data?.[id])?.status === search.state) : sources;
  const from = (search.page - 1) * PER_PAGE;
  const more = total > from + sources.length;
  if (sources.length === 0) return <Nothing search={search} onChange={onChange} onAdd={onAdd} />;
  return (
    <>
      <div class="row">
        <span class="muted">
          {counted(total, "source")}
          {search.state &&
            glance.data &&
            `, of ${sources.length} on this page ${shown.length} with the newest analysis ${search.state.replaceAll("_", " ")}`}
        </span>
        {selected.size > 0 && <RunOnAll ids={[...selected]} onClear={() => setSelected(new Set())} />}
      </div>
      <SourcesTable sources={shown} glance={glance.data} selected={selected} onSelect={setSelected} />
      {(search.page > 1 || more) && (
        <nav class="row" aria-label="Pages of sources">
          {search.page > 1 && (
            <button type="button" class="button" onClick={() => onChange({ page: search.page - 1 })}>
              Previous
            </button>
          )}
          <span class="muted">
            {from + 1} to {from + sources.length}
          </span>
          {more && search.page < 10 && (
            <button type="button" class="button" onClick={() => onChange({ page: search.page + 1 })}>
              Next
            </button>
          )}
          {more && search.page >= 10 && <span class="muted">Narrow the search to see more.</span>}
        </nav>
      )}
    </>
  );
}

function Nothing({ search, onChange, onAdd }: Pick<FoundProperties, "search" | "onChange" | "onAdd">): JSX.Element {
  if (isFiltered(search)) {
    return (
      <div class="empty">
        <strong>No source fits</strong>
        <button
          type="button"
          class="button"
          onClick={() => onChange({ text: "", groups: [], classification: "", minRedshift: "", maxRedshift: "", state: "", radius: "10" })}
        >
          Clear the search
        </button>
      </div>
    );
  }
  return (
    <div class="empty">
      <strong>No source yet</strong>
      {may("Upload data") ? (
        <button type="button" class="button" onClick={onAdd}>
          Add the first one
        </button>
      ) : (
        "Sources appear here once one is saved to a group of yours."
      )}
    </div>
  );
}
