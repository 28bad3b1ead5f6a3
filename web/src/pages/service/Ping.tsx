import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { duration } from "../../formats";
import { ProblemNote } from "../../parts/Problem";
import type { Service } from "../services/list";

type Answer = components["schemas"]["Ping"];

/** Asks the service whether it is there, and says what came back. */
export function Ping({ service }: { service: Service }): JSX.Element {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const ping = (): void => {
    setAsking(true);
    setProblem(null);
    dataOf(api.POST("/api/analysis_service/{service_id}/ping", { params: { path: { service_id: service.id } } }))
      .then(setAnswer, setProblem)
      .finally(() => setAsking(false));
  };
  return (
    <section class="panel" aria-labelledby="there">
      <div class="panel-head">
        <h2 id="there">Is it there?</h2>
        <button type="button" class="button" disabled={asking} onClick={ping}>
          Ping
        </button>
      </div>
      <ProblemNote problem={problem} again={ping} />
      <div aria-live="polite" aria-busy={asking}>
        {asking && <p class="muted">Calling {service.url} …</p>}
        {answer && !asking && (
          <div class={answer.active ? "note good" : "note problem"}>
            <p>{sentence(answer)}</p>
            {answer.message && <pre>{answer.message}</pre>}
          </div>
        )}
        {!answer && !asking && <p class="muted">A ping calls its URL by GET, without credentials; nothing is started.</p>}
      </div>
      {answer?.warnings.map((warning) => (
        <p key={warning.about} class="note warn">
          {warning.text}
        </p>
      ))}
    </section>
  );
}

function sentence({ answered, active, http_status: status, milliseconds }: Answer): string {
  if (!answered) return `No answer, after ${duration(milliseconds / 1000)}.`;
  return `${active ? "It is there" : "It answered, but not as a service that is well"}: HTTP ${status} after ${duration(milliseconds / 1000)}.`;
}
