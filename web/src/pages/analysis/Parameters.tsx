import type { JSX } from "preact";
import type { Analysis } from "./AnalysisPage";

/** What the analysis was started with. */
export function Parameters({ run }: { run: Analysis }): JSX.Element {
  const given = Object.entries(run.analysis_parameters);
  const filters = Object.entries(run.input_filters).filter(([, value]) => value !== null);
  return (
    <section class="panel" aria-labelledby="parameters">
      <h2 id="parameters">Parameters</h2>
      {given.length === 0 && filters.length === 0 && <p class="muted">None were given.</p>}
      {given.length > 0 && (
        <dl class="facts">
          {given.map(([name, value]) => (
            <>
              <dt class="mono">{name}</dt>
              <dd class="mono">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
            </>
          ))}
        </dl>
      )}
      {filters.length > 0 && (
        <>
          <h3>Input filters</h3>
          <pre>{JSON.stringify(Object.fromEntries(filters), null, 1)}</pre>
        </>
      )}
    </section>
  );
}
