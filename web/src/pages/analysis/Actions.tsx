import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { api, dataOf } from "../../api/client";
import { may } from "../../api/session";
import { forget } from "../../live/cache";
import { soon } from "../../live/changes";
import { Confirm } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";
import { isFinal } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";
import { ChangeAndRun } from "./ChangeAndRun";
import { isMine } from "./mine";

interface Properties {
  run: Analysis;
  changed: () => void;
}

/** What its author may do with an analysis; nobody else sees a button. */
export function Actions({ run, changed }: Properties): JSX.Element | null {
  const { route } = useLocation();
  const [problem, setProblem] = useState<{ of: unknown; again: () => void } | null>(null);
  const [shown, setShown] = useState<"delete" | "change" | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  if (!may("Run Analyses") || !isMine(run)) return null;
  const path = { analysis_id: run.id };
  const retry = (): void => {
    setProblem(null);
    dataOf(api.POST("/api/obj/analysis/{analysis_id}/retry", { params: { path, header: { "Idempotency-Key": key } } })).then(
      ({ id }) => {
        soon();
        route(to("analyses", id));
      },
      (thrown: unknown) => setProblem({ of: thrown, again: retry }),
    );
  };
  const cancel = (): void => {
    setProblem(null);
    dataOf(api.POST("/api/obj/analysis/{analysis_id}/cancel", { params: { path } })).then(
      () => {
        soon();
        changed();
      },
      (thrown: unknown) => setProblem({ of: thrown, again: cancel }),
    );
  };
  const remove = async (): Promise<void> => {
    await dataOf(api.DELETE("/api/obj/analysis/{analysis_id}", { params: { path } }));
    forget(`analysis/${run.id}`);
    soon();
    route(to("sources", run.obj_id));
  };
  return (
    <div class="row no-print">
      {isFinal(run.status) ? (
        <>
          <button type="button" class="button" onClick={retry}>
            Retry
          </button>
          <button type="button" class="button" onClick={() => setShown("change")}>
            Change and run again
          </button>
        </>
      ) : (
        <button type="button" class="button" onClick={cancel}>
          Cancel
        </button>
      )}
      <button type="button" class="button danger" onClick={() => setShown("delete")}>
        Delete
      </button>
      {problem && <ProblemNote problem={problem.of} again={problem.again} />}
      {shown === "change" && <ChangeAndRun run={run} onClose={() => setShown(null)} />}
      {shown === "delete" && (
        <Confirm title="Delete this analysis?" action="Delete analysis" onClose={() => setShown(null)} onConfirm={remove}>
          <p>
            Its results, plots and inputs are removed, and its entries in the summary of {run.obj_id}. This cannot be undone.
          </p>
        </Confirm>
      )}
    </div>
  );
}
