import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { may } from "../../api/session";
import { Intention } from "../../form/intention";
import { counted } from "../../formats";
import { useAsked } from "../../live/cache";
import { soon } from "../../live/changes";
import { Confirm } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { ProblemNote } from "../../parts/Problem";
import { isFinal, STATES, stateWord } from "../../parts/State";

type Batch = components["schemas"]["ListedBatch"];

interface Properties {
  chosen: string | null;
  choose: (batch: string | null) => void;
}

/** Batches, each with how far it is. */
export function Batches(properties: Properties): JSX.Element {
  const asked = useAsked("batches", () => ask<{ batches: Batch[] }>("GET", "/api/analysis_batch"), (run) => run.batch_id != null);
  return (
    <section class="panel" aria-labelledby="batches">
      <h2 id="batches">Batches</h2>
      <Loaded asked={asked} lines={3}>
        {({ batches }) =>
          batches.length === 0 ? (
            <p class="empty">
              <strong>No batches yet.</strong> Choose several sources in the list and run a service on all of them.
            </p>
          ) : (
            <ul class="batches">
              {batches.map((batch) => (
                <Row key={batch.id} batch={batch} {...properties} changed={() => void asked.again()} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Row({ batch, chosen, choose, changed }: Properties & { batch: Batch; changed: () => void }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<{ of: unknown; again: () => void } | null>(null);
  const ended = STATES.filter(isFinal).reduce((sum, state) => sum + (batch.counts[state] ?? 0), batch.refused);
  const failed = (batch.counts["failure"] ?? 0) + (batch.counts["timed_out"] ?? 0);
  const mine = may("Run Analyses");
  const intention = useRef(new Intention());
  const here = chosen === String(batch.id);
  const path = `/api/analysis_batch/${batch.id}`;
  const cancel = async (): Promise<void> => {
    for (let left = 1; left > 0; ) left = (await ask<{ remaining: number }>("POST", `${path}/cancel`)).remaining;
    soon();
    changed();
  };
  const retry = (): void => {
    setProblem(null);
    ask("POST", `${path}/retry_failed`, { headers: { "Idempotency-Key": intention.current.keyOf(path) } }).then(
      () => {
        intention.current.done();
        soon();
        changed();
      },
      (thrown: unknown) => setProblem({ of: thrown, again: retry }),
    );
  };
  return (
    <li class="batch">
      <div class="row">
        <strong>{batch.service ?? `Service ${batch.analysis_service_id}`}</strong>
        <span class="muted">
          over {counted(batch.n, "object")}, <Moment at={batch.created_at} />
        </span>
        <span class="batch-buttons row">
          <button type="button" class="button" aria-pressed={here} onClick={() => choose(here ? null : String(batch.id))}>
            Show its runs
          </button>
          {mine && !batch.cancelled && ended < batch.n && (
            <button type="button" class="button" onClick={() => setAsking(true)}>
              Cancel the rest
            </button>
          )}
          {mine && failed > 0 && (
            <button type="button" class="button" onClick={retry}>
              Retry {failed} that failed
            </button>
          )}
        </span>
      </div>
      <progress class="visually-hidden" max={batch.n} value={ended} aria-label={`Batch of ${counted(batch.n, "object")}`} />
      <svg class="batch-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
        {segments(batch).map(({ state, from, length }) => (
          <rect key={state} class={`bar-part ${state}`} x={from} y="0" width={length} height="8" />
        ))}
      </svg>
      <p class="small muted">
        {ended} of {batch.n} ended{batch.cancelled && " · the rest was cancelled"}
        {batch.refused > 0 && ` · ${batch.refused} could not be started`}
        {STATES.filter((state) => batch.counts[state]).map((state) => ` · ${batch.counts[state]} ${stateWord(state)}`)}
      </p>
      {problem && <ProblemNote problem={problem.of} again={problem.again} />}
      {asking && (
        <Confirm title="Cancel the rest of this batch?" action="Cancel the rest" onClose={() => setAsking(false)} onConfirm={cancel}>
          <p>Runs that have not ended are cancelled, and objects whose turn has not come are left out.</p>
        </Confirm>
      )}
    </li>
  );
}

function segments(batch: Batch): { state: string; from: number; length: number }[] {
  let from = 0;
  return ["completed", "failure", "timed_out", "cancelled", "pending", "queued"].flatMap((state) => {
    const length = (1000 * (batch.counts[state] ?? 0)) / Math.max(1, batch.n);
    from += length;
    return length ? [{ state, from: from - length, length }] : [];
  });
}
