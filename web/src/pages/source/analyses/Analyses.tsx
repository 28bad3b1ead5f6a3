import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { to } from "../../../api/base";
import { may } from "../../../api/session";
import { duration, instant, words } from "../../../formats";
import type { Asked } from "../../../live/cache";
import { Loaded } from "../../../parts/Loaded";
import { Moment } from "../../../parts/Moment";
import { isFinal, State } from "../../../parts/State";
import type { Columns } from "../../../plots/light_curve/columns";
import type { Run, Source } from "../queries";
import { StartForm } from "../start/StartForm";
import { useUsualDuration } from "../start/queries";
import { KeyResults } from "./KeyResults";

const AT_FIRST = 12;
/** Of so many runs the results are read at once; of more, when they are opened. */
const WITH_RESULTS = 6;

interface Properties {
  source: Source;
  runs: Asked<Run[]>;
  /** The photometry, once it is there. */
  columns: Columns | undefined;
}

/** The runs of a source, live, and the way to another. */
export function Analyses({ source, runs, columns }: Properties): JSX.Element {
  const [starting, setStarting] = useState(false);
  const [all, setAll] = useState(false);
  const [started, setStarted] = useState<number | null>(null);
  const shown = all ? runs.data : runs.data?.slice(0, AT_FIRST);
  const completed = (runs.data ?? []).filter(({ status }) => status === "completed").slice(0, WITH_RESULTS);
  const withResults = new Set(completed.map(({ id }) => id));
  return (
    <section class="panel" aria-labelledby="analyses">
      <div class="panel-head">
        <h2 id="analyses">Analyses</h2>
        {may("Run Analyses") && (
          <button type="button" class="button primary no-print" aria-expanded={starting} onClick={() => setStarting(!starting)}>
            Start an analysis
          </button>
        )}
      </div>
      {starting && (
        <StartForm
          id={source.id}
          runs={runs.data ?? []}
          columns={columns}
          onClose={() => setStarting(false)}
          onStarted={(id) => {
            setStarted(id);
            void runs.again();
          }}
        />
      )}
      {started !== null && (
        <p class="note good">
          <a href={to("analyses", started)}>Analysis {started}</a> is on its way; its state below follows by itself.
        </p>
      )}
      <Loaded asked={runs}>
        {() =>
          shown?.length ? (
            <ul class="runs">
              {shown.map((run) => (
                <RunRow key={run.id} run={run} results={withResults.has(run.id)} />
              ))}
            </ul>
          ) : (
            <div class="empty">
              <strong>Nothing has been run on this source yet</strong>
              {may("Run Analyses")
                ? "“Start an analysis” sends its data to a service and brings the result here."
                : "Your token may not run analyses."}
            </div>
          )
        }
      </Loaded>
      {shown && runs.data && shown.length < runs.data.length && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show all {runs.data.length}
        </button>
      )}
    </section>
  );
}

function RunRow({ run, results }: { run: Run; results: boolean }): JSX.Element {
  return (
    <li class="run" data-row>
      <State state={run.status} live />
      <a class="run-name" href={to("analyses", run.id)}>
        {run.analysis_service_name ?? `Service ${run.analysis_service_id}`}
      </a>
      <span class="run-message">
        {results && run.status === "completed" ? <KeyResults run={run} /> : <span class="muted">{words(run.status_message)}</span>}
      </span>
      <span class="small muted nowrap">
        <Moment at={run.created_at} />
        <Lasting run={run} />
      </span>
    </li>
  );
}

function Lasting({ run }: { run: Run }): JSX.Element | null {
  const waiting = !isFinal(run.status);
  const usual = useUsualDuration(waiting ? run.analysis_service_id : null);
  if (waiting) return usual === null ? null : <>, takes {duration(usual)} as a rule</>;
  const seconds = run.duration ?? (instant(run.last_activity).getTime() - instant(run.created_at).getTime()) / 1000;
  return seconds > 0 ? <>, took {duration(seconds)}</> : null;
}
