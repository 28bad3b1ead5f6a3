import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import { Intention } from "../../form/intention";
import { soon } from "../../live/changes";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/Problem";
import type { Service } from "../services/list";

const SINCE: [number, string][] = [
  [1, "the last hour"],
  [6, "the last 6 hours"],
  [24, "the last 24 hours"],
  [7 * 24, "the last 7 days"],
  [30 * 24, "the last 30 days"],
];
const HOUR = 3_600_000;

/** Starts again what failed since a time: after an outage. */
export function RetryFailed({ service }: { service: Service }): JSX.Element {
  const [hours, setHours] = useState(24);
  const [timedOut, setTimedOut] = useState(true);
  const [problem, setProblem] = useState<unknown>(null);
  const [batch, setBatch] = useState<number | null>(null);
  const intention = useRef(new Intention());
  // what goes again under its key is the same to the letter
  const sent = useRef<{ key: string; body: { since: string; states: string[] } | null }>({ key: "", body: null });
  const retry = (): void => {
    setProblem(null);
    setBatch(null);
    const key = intention.current.keyOf(`${hours} ${timedOut}`);
    if (sent.current.key !== key) {
      const since = new Date(Date.now() - hours * HOUR).toISOString().replace("Z", "");
      sent.current = { key, body: { since, states: timedOut ? ["failure", "timed_out"] : ["failure"] } };
    }
    const { body } = sent.current;
    const headers = { "Idempotency-Key": key };
    ask<{ batch_id: number }>("POST", `/api/analysis_service/${service.id}/retry_failed`, { body, headers }).then((answer) => {
      intention.current.done();
      setBatch(answer.batch_id);
      soon();
    }, setProblem);
  };
  return (
    <section class="panel" aria-labelledby="again">
      <h2 id="again">Start again what failed</h2>
      <form
        class="row limit-row"
        onSubmit={(event) => {
          event.preventDefault();
          retry();
        }}
      >
        <Field label="Within">
          {(control) => (
            <select {...control} class="input" value={String(hours)} onChange={(event) => setHours(Number(event.currentTarget.value))}>
              {SINCE.map(([count, words]) => (
                <option key={count} value={String(count)}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label class="check">
          <input type="checkbox" checked={timedOut} onChange={(event) => setTimedOut(event.currentTarget.checked)} />
          timed out, too
        </label>
        <button type="submit" class="button">
          Retry what failed
        </button>
      </form>
      {batch !== null && (
        <p class="note good">
          They run again, as <a href={`${to("requests")}?batchID=${batch}`}>a batch</a>.
        </p>
      )}
      <ProblemNote problem={problem} again={retry} />
    </section>
  );
}
