import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { useAsked } from "../../live/cache";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/Problem";
import type { Service } from "../services/list";
import { useLimits } from "./queries";

/** How many analyses the service is sent at a time. */
export function Limits({ service }: { service: Service }): JSX.Element {
  const path = { service_id: service.id };
  const limits = useLimits(service.id);
  const health = useAsked(`health/${service.id}`, () => dataOf(api.GET("/api/analysis_service/{service_id}/health", { params: { path } })));
  const most = limits.data?.max_in_flight;
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [saved, setSaved] = useState(false);
  const shown = text ?? (most == null ? "" : String(most));
  const save = (): void => {
    setProblem(null);
    setSaved(false);
    const max_in_flight = shown.trim() === "" ? null : Number(shown);
    dataOf(api.PUT("/api/analysis_service/{service_id}/limits", { params: { path }, body: { max_in_flight } })).then(async () => {
      setSaved(true);
      await Promise.all([limits.again(), health.again()]);
      setText(null);
    }, setProblem);
  };
  return (
    <section class="panel" aria-labelledby="limits">
      <h2 id="limits">Limit</h2>
      <form
        class="row limit-row"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label="Analyses at a time" hint="Empty for no limit; the rest waits in the queue">
          {(control) => <input {...control} class="input" type="number" min="1" max="10000" value={shown} onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
        <button type="submit" class="button">
          Save limit
        </button>
        {saved && <span class="muted">Saved.</span>}
      </form>
      <ProblemNote problem={problem} again={save} />
    </section>
  );
}
