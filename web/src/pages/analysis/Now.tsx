import type { JSX } from "preact";
import { to } from "../../api/base";
import { api, dataOf } from "../../api/client";
import { useAsked } from "../../live/cache";
import { Moment, useNow } from "../../parts/Moment";
import { isFinal, State } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";
import { Author } from "./Author";
import { useAttempts } from "./attempts";
import { sentence } from "./sentence";

/** Where the analysis stands, in a word and a sentence. */
export function Now({ run }: { run: Analysis }): JSX.Element {
  const open = !isFinal(run.status);
  const attempts = useAttempts(run);
  const health = useAsked(
    open ? `health/${run.analysis_service_id}` : null,
    () => dataOf(api.GET("/api/analysis_service/{service_id}/health", { params: { path: { service_id: run.analysis_service_id } } })),
    (moved) => moved.id === run.id,
  );
  const now = useNow(open ? 1_000 : 30_000);
  return (
    <section class={`panel now ${run.status}`} aria-label="State">
      <p class="now-line">
        <State state={run.status} live />
        <span>{sentence(run, attempts.data ?? [], health.data ?? null, now)}</span>
      </p>
      {run.status_message && <p class="mono message">{run.status_message}</p>}
      <p class="small muted">
        Started <Moment at={run.created_at} full /> UTC by <Author id={run.author_id} /> with{" "}
        <a href={to("services", run.analysis_service_id)}>{run.analysis_service_name ?? `service ${run.analysis_service_id}`}</a>
        {run.groups.length > 0 && <> · seen by {run.groups.map((group) => group.name).join(", ")}</>}
      </p>
    </section>
  );
}
