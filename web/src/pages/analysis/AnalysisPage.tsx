import type { JSX } from "preact";
import { to } from "../../api/base";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { gone } from "../../live/changes";
import { useHurry } from "../../live/hurry";
import { Loaded } from "../../parts/Loaded";
import { isFinal } from "../../parts/State";
import { isId, NotFound } from "../../shell/NotFound";
import { useTitle } from "../../parts/title";
import { Actions } from "./Actions";
import { Code } from "./Code";
import { Effects } from "./Effects";
import { Inputs } from "./Inputs";
import { Now } from "./Now";
import { Parameters } from "./Parameters";
import { Products } from "./Products";
import { Relay } from "./Relay";
import { Timeline } from "./Timeline";
import "./analysis.css";

export type Analysis = Omit<components["schemas"]["Analysis"], "token">;

/** One analysis: where it stands, how it came there, and what it brought. */
export default function AnalysisPage({ id }: { id: string }): JSX.Element {
  return isId(id) ? <Page key={id} id={Number(id)} /> : <NotFound />;
}

function Page({ id }: { id: number }): JSX.Element {
  useTitle(`Analysis ${id}`);
  return gone.value.has(id) ? <Gone id={id} /> : <Known id={id} />;
}

/** Said in place of an analysis that somebody deletes while it is looked at. */
function Gone({ id }: { id: number }): JSX.Element {
  return (
    <main class="page">
      <h1>Analysis {id}</h1>
      <div class="panel empty" role="alert">
        <strong>This analysis was deleted.</strong>
        Its results went with it. <a href={to("requests")}>All requests</a>
      </div>
    </main>
  );
}

function Known({ id }: { id: number }): JSX.Element {
  const asked = useAsked(
    `analysis/${id}`,
    () => dataOf(api.GET("/api/obj/analysis/{analysis_id}", { params: { path: { analysis_id: id } } })),
    (run) => run.id === id,
  );
  const run = asked.data;
  useHurry(run !== undefined && !isFinal(run.status));
  return (
    <main class="page">
      <div class="page-head">
        <h1>
          {run?.analysis_service_name ?? "Analysis"}
          {run && (
            <>
              {" "}
              <span class="muted">of</span> <a href={to("sources", run.obj_id)}>{run.obj_id}</a>
            </>
          )}
        </h1>
        {run && <Actions run={run} changed={() => void asked.again()} />}
      </div>
      <Loaded asked={asked} lines={8}>
        {(run) => (
          <>
            <Now run={run} />
            <div class="analysis-columns">
              <div class="stack">
                <Products run={run} />
              </div>
              <div class="stack">
                <Timeline run={run} />
                <Relay run={run} />
                <Parameters run={run} />
                <Effects run={run} />
                <Code run={run} />
              </div>
            </div>
            <Inputs run={run} />
          </>
        )}
      </Loaded>
    </main>
  );
}
