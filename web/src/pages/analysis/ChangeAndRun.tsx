import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { type Field as Declared, initialEntries } from "../../form/fields";
import { useParameters } from "../../form/parameters";
import { useStart } from "../../form/start";
import { Dialog } from "../../parts/Dialog";
import { useDraft } from "../../parts/draft";
import { Field } from "../../parts/Field";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { useForm } from "../source/start/queries";
import type { Analysis } from "./AnalysisPage";

interface Properties {
  run: Analysis;
  onClose: () => void;
}

/** Runs the service again with other parameters, on the data as they are now. */
export function ChangeAndRun({ run, onClose }: Properties): JSX.Element {
  const form = useForm(run.analysis_service_id);
  return (
    <Dialog title={`Run ${run.analysis_service_name ?? "the service"} again`} onClose={onClose}>
      <Loaded asked={form}>{({ fields }) => <Form run={run} fields={fields} onClose={onClose} />}</Loaded>
    </Dialog>
  );
}

function Form({ run, fields, onClose }: Properties & { fields: Declared[] }): JSX.Element {
  const { route } = useLocation();
  const { fit, values, controls } = useParameters(fields, () => initialEntries(fields, run.analysis_parameters));
  const [filters, setFilters, forget] = useDraft(`change/${run.id}`, JSON.stringify(run.input_filters));
  const { post, problem } = useStart((id) => {
    forget();
    route(to("analyses", id));
  });
  const send = async (): Promise<void> => {
    if (!fit()) return;
    await post(`/api/obj/analysis/${run.id}/retry`, async () => ({
      analysis_parameters: await values(),
      input_filters: objectOf(filters),
    }));
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="muted">A new analysis, with these parameters, of the data that {run.obj_id} has now.</p>
      {controls}
      <Field label="Input filters" hint='Such as {"photometry": {"filters": ["ztfr"]}}; {} takes everything'>
        {(control) => (
          <textarea {...control} class="input mono" rows={2} spellcheck={false} value={filters} onInput={(event) => setFilters(event.currentTarget.value)} />
        )}
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
  );
}

function objectOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() || "{}");
  } catch {
    throw new Error("The input filters cannot be read as JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("The input filters must be a JSON object.");
  return value as Record<string, unknown>;
}
