import type { JSX } from "preact";
import { AsCode } from "../../parts/AsCode";
import type { Analysis } from "./AnalysisPage";

/** The way to the same from a program. */
export function Code({ run }: { run: Analysis }): JSX.Element {
  return (
    <section class="panel no-print" aria-labelledby="code">
      <div class="panel-head">
        <h2 id="code">From a program</h2>
        <AsCode path={run.status === "completed" ? `/api/obj/analysis/${run.id}/results` : `/api/obj/analysis/${run.id}`} />
      </div>
    </section>
  );
}
