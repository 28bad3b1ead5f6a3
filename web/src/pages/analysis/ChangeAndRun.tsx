import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import { soon } from "../../live/changes";
import { Dialog } from "../../parts/Dialog";
import { useDraft } from "../../parts/draft";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/Problem";
import type { Analysis } from "./AnalysisPage";

/** Runs the service again with other parameters, on the data as they are now. */
export function ChangeAndRun({ run, onClose }: { run: Analysis; onClose: () => void }): JSX.Element {
  const { route } = useLocation();
  const [parameters, setParameters, forgetParameters] = useDraft(`change/${run.id}`, JSON.stringify(run.analysis_parameters, null, 2));
  const [filters, setFilters, forgetFilters] = useDraft(`change/${run.id}/filters`, JSON.stringify(run.input_filters, null, 2));
  const [problem, setProblem] = useState<unknown>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const send = async (): Promise<void> => {
    setProblem(null);
    try {
      const body = { analysis_parameters: objectOf("Parameters", parameters), input_filters: objectOf("Input filters", filters) };
      const { id } = await ask<{ id: number }>("POST", `/api/obj/analysis/${run.id}/retry`, { body, headers: { "Idempotency-Key": key } });
      forgetParameters();
      forgetFilters();
      soon();
      route(to("analyses", id));
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  const change = (set: (text: string) => void) => (event: { currentTarget: HTMLTextAreaElement }) => {
    set(event.currentTarget.value);
    setKey(crypto.randomUUID());
  };
  return (
    <Dialog title={`Run ${run.analysis_service_name ?? "the service"} again`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p class="muted">A new analysis, with these parameters, of the data that {run.obj_id} has now.</p>
        <Field label="Parameters" hint="A JSON object">
          {(control) => <textarea {...control} class="input mono" rows={8} spellcheck={false} value={parameters} onInput={change(setParameters)} />}
        </Field>
        <Field label="Input filters" hint='Such as {"photometry": {"filters": ["ztfr"]}}; {} takes everything'>
          {(control) => <textarea {...control} class="input mono" rows={3} spellcheck={false} value={filters} onInput={change(setFilters)} />}
        </Field>
        <ProblemNote problem={problem} again={() => void send()} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" class="button primary">
            Run again
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function objectOf(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() || "{}");
  } catch {
    throw new Error(`${name} cannot be read as JSON.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${name} must be a JSON object, such as {"seed": 1}.`);
  return value as Record<string, unknown>;
}
