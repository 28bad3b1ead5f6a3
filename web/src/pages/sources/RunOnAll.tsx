import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { to } from "../../api/base";
import type { Field as Declared } from "../../form/fields";
import { useParameters } from "../../form/parameters";
import { useStart } from "../../form/start";
import { counted } from "../../formats";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { useServices } from "../services/list";
import { useForm } from "../source/start/queries";
import { BatchProgress } from "./BatchProgress";

/** Runs one service on all chosen sources, and shows how far it is. */
export function RunOnAll({ ids, onClear }: { ids: string[]; onClear: () => void }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [batch, setBatch] = useState<number | null>(null);
  return (
    <>
      <button type="button" class="button primary" onClick={() => setOpen(true)}>
        Run on {counted(ids.length, "source")}
      </button>
      <button type="button" class="button" onClick={onClear}>
        Clear selection
      </button>
      {open && (
        <Dialog title={`Run a service on ${counted(ids.length, "source")}`} onClose={() => setOpen(false)}>
          {batch === null ? <Choose ids={ids} onStarted={setBatch} /> : <BatchProgress id={batch} />}
        </Dialog>
      )}
      {batch !== null && !open && <a href={`${to("requests")}?batchID=${batch}`}>Batch {batch}</a>}
    </>
  );
}

function Choose({ ids, onStarted }: { ids: string[]; onStarted: (batch: number) => void }): JSX.Element {
  const services = useServices();
  const [chosen, choose] = useState<number | null>(null);
  const form = useForm(chosen);
  return (
    <Loaded asked={services} lines={3}>
      {(all) => (
        <div class="stack">
          <Field label="Service">
            {(control) => (
              <select
                class="input"
                {...control}
                value={chosen ?? ""}
                onChange={(event) => choose(Number(event.currentTarget.value) || null)}
              >
                <option value="">Choose…</option>
                {all
                  .filter((one) => one.enabled && !one.upload_only)
                  .map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.display_name ?? one.name}
                    </option>
                  ))}
              </select>
            )}
          </Field>
          {chosen !== null && (
            <Loaded asked={form} lines={2}>
              {({ fields }) => <Parameters key={chosen} ids={ids} service={chosen} fields={fields} onStarted={onStarted} />}
            </Loaded>
          )}
        </div>
      )}
    </Loaded>
  );
}

interface ParametersProperties {
  ids: string[];
  service: number;
  fields: Declared[];
  onStarted: (batch: number) => void;
}

function Parameters({ ids, service, fields, onStarted }: ParametersProperties): JSX.Element {
  const { fit, values, controls } = useParameters(fields);
  const { post, problem } = useStart(onStarted);
  const run = async (): Promise<void> => {
    if (!fit()) return;
    await post("/api/analysis_batch", async () => ({
      analysis_service_id: service,
      obj_ids: ids,
      analysis_parameters: await values(),
      show_parameters: true,
      show_plots: true,
      show_corner: true,
    }));
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {controls}
      <ProblemNote problem={problem} again={() => void run()} />
      <div class="row">
        <button type="submit" class="button primary">
          Run
        </button>
      </div>
    </form>
  );
}
