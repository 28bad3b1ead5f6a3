import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { may } from "../../api/session";
import { counted } from "../../formats";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { useQuery } from "../../parts/query";
import { useTitle } from "../../parts/title";
import { AddSource } from "./AddSource";
import { Filters } from "./Filters";
import { ImportFile } from "./ImportFile";
import { type Page, useGlance, useSources } from "./queries";
import { Pages } from "./Pages";
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
          {(page) => <Found key={JSON.stringify(search)} page={page} search={search} onChange={change} onAdd={() => setAdding(true)} />}
        </Loaded>
      </section>
    </main>
  );
}

interface FoundProperties {
  page: Page;
  search: Search;
  onChange: (changes: Partial<Search>) => void;
  onAdd: () => void;
}

function Found({ page: { sources, totalMatches, next }, search, onChange, onAdd }: FoundProperties): JSX.Element {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const glance = useGlance(sources.map(({ id }) => id));
  const chosen = [...selected];
  const least = next !== null && totalMatches <= (search.page - 1) * PER_PAGE + sources.length;
  return (
    <>
      {(sources.length > 0 || chosen.length > 0) && (
        <div class="row">
          <span class="muted">
            {least && "at least "}
            {counted(totalMatches, "source")}
          </span>
          {chosen.length > 0 && <RunOnAll key={chosen.join()} ids={chosen} onClear={() => setSelected(new Set())} />}
        </div>
      )}
      {glance.problem && <ProblemNote problem={glance.problem} again={() => void glance.again()} />}
      {sources.length > 0 ? (
        <SourcesTable sources={sources} glance={glance} selected={selected} onSelect={setSelected} />
      ) : next !== null ? (
        <div class="empty">
          <strong>None so far</strong>
          <span>Older sources have not been looked into yet.</span>
        </div>
      ) : (
        <Nothing search={search} onChange={onChange} onAdd={onAdd} />
      )}
      <Pages count={sources.length} total={totalMatches} next={next} search={search} onChange={onChange} />
    </>
  );
}

function Nothing({ search, onChange, onAdd }: Omit<FoundProperties, "page">): JSX.Element {
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
