import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import { type Entries, faultOf, type Field as Declared, initialEntries, parametersOf } from "../../form/fields";
import { counted } from "../../formats";
import { soon } from "../../live/changes";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { FieldControl } from "../source/start/FieldControl";
import { Intention } from "../source/start/intention";
import { useForm, useServices } from "../source/start/queries";
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
  const [entries, setEntries] = useState<Entries>(() => initialEntries(fields));
  const [checked, setChecked] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const intention = useRef(new Intention());
  const run = async (): Promise<void> => {
    setChecked(true);
    setProblem(null);
    if (fields.some((field) => faultOf(field, entries[field.name] ?? null) !== null)) return;
    try {
      const body = {
        analysis_service_id: service,
        obj_ids: ids,
        analysis_parameters: await parametersOf(fields, entries),
        show_parameters: true,
        show_plots: true,
        show_corner: true,
      };
      const headers = { "Idempotency-Key": intention.current.keyOf(JSON.stringify(body)) };
      const { id } = await ask<{ id: number }>("POST", "/api/analysis_batch", { body, headers });
      intention.current.done();
      soon();
      onStarted(id);
    } catch (thrown) {
      setProblem(thrown);
    }
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
      {fields.map((field) => (
        <FieldControl
          key={field.name}
          field={field}
          entry={entries[field.name] ?? null}
          checked={checked}
          onEnter={(entry) => setEntries((now) => ({ ...now, [field.name]: entry }))}
        />
      ))}
      <ProblemNote problem={problem} again={() => void run()} />
      <div class="row">
        <button type="submit" class="button primary">
          Run
        </button>
      </div>
    </form>
  );
}
