import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { problemOf } from "../../api/problem";
import { counted } from "../../formats";
import { soon } from "../../live/changes";
import { Confirm } from "../../parts/Dialog";
import { isFinal } from "../../parts/State";
import type { ShortRun } from "./runs";

interface Properties {
  runs: ShortRun[];
  /** Called with the ids of those with which it did not work: they stay chosen. */
  done: (left: number[]) => void;
  clear: () => void;
}

const AT_A_TIME = 4;
const words = (count: number): string => counted(count, "analysis", "analyses");

/** What can be done with the runs that are chosen. */
export function Selection({ runs, done, clear }: Properties): JSX.Element {
  const [progress, setProgress] = useState<string | null>(null);
  const [failures, setFailures] = useState<{ run: ShortRun; text: string }[]>([]);
  const [asking, setAsking] = useState(false);
  const keys = useRef(new Map<number, string>());
  const open = runs.filter((run) => !isFinal(run.status));
  const ended = runs.filter((run) => isFinal(run.status));
  const each = async (chosen: ShortRun[], verb: string, act: (id: number) => Promise<unknown>): Promise<void> => {
    const left: { run: ShortRun; text: string }[] = [];
    const queue = [...chosen];
    let count = 0;
    const work = async (): Promise<void> => {
      for (let run = queue.shift(); run; run = queue.shift()) {
        await act(run.id).catch((thrown: unknown) => left.push({ run: run as ShortRun, text: problemOf(thrown).message }));
        setProgress(`${verb} ${++count} of ${chosen.length} …`);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    setProgress(null);
    setFailures(left);
    soon();
    done(left.map(({ run }) => run.id));
  };
  const at = (id: number): { params: { path: { analysis_id: number } } } => ({ params: { path: { analysis_id: id } } });
  const cancel = (id: number): Promise<unknown> => dataOf(api.POST("/api/obj/analysis/{analysis_id}/cancel", at(id)));
  // a retry whose answer was lost goes again under its key
  const retry = async (id: number): Promise<void> => {
    const key = keys.current.get(id) ?? crypto.randomUUID();
    keys.current.set(id, key);
    const params = { ...at(id).params, header: { "Idempotency-Key": key } };
    await dataOf(api.POST("/api/obj/analysis/{analysis_id}/retry", { params }));
    keys.current.delete(id);
  };
  const remove = (id: number): Promise<unknown> => dataOf(api.DELETE("/api/obj/analysis/{analysis_id}", at(id)));
  return (
    <>
      {runs.length > 0 && (
        <div class="row selection" role="toolbar" aria-label="Chosen runs">
          <strong>{counted(runs.length, "run")} chosen</strong>
          {open.length > 0 && (
            <button type="button" class="button" disabled={progress !== null} onClick={() => void each(open, "Cancelled", cancel)}>
              Cancel {open.length}
            </button>
          )}
          {ended.length > 0 && (
            <button type="button" class="button" disabled={progress !== null} onClick={() => void each(ended, "Retried", retry)}>
              Retry {ended.length}
            </button>
          )}
          <button type="button" class="button danger" disabled={progress !== null} onClick={() => setAsking(true)}>
            Delete {runs.length}
          </button>
          <button type="button" class="button quiet" onClick={clear}>
            Choose none
          </button>
          {progress && <span role="status">{progress}</span>}
        </div>
      )}
      {failures.length > 0 && (
        <div class="note problem" role="alert">
          <p>{words(failures.length)} could not be changed; they are still chosen.</p>
          <ul class="selection-failures">
            {failures.slice(0, 5).map(({ run, text }) => (
              <li key={run.id}>
                {run.obj_id}: {text}
              </li>
            ))}
          </ul>
        </div>
      )}
      {asking && (
        <Confirm
          title={`Delete ${words(runs.length)}?`}
          action={`Delete ${words(runs.length)}`}
          onClose={() => setAsking(false)}
          onConfirm={() => each(runs, "Deleted", remove)}
        >
          <p>Their results, plots and inputs are removed, and their entries in summaries. This cannot be undone.</p>
        </Confirm>
      )}
    </>
  );
}
