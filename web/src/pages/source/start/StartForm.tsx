import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { type Entries, faultOf, type Field as Declared, initialEntries, parametersOf } from "../../../form/fields";
import { ago, duration } from "../../../formats";
import { soon } from "../../../live/changes";
import { useDraft } from "../../../parts/draft";
import { Field } from "../../../parts/Field";
import { Loaded } from "../../../parts/Loaded";
import { ProblemNote } from "../../../parts/Problem";
import type { Columns } from "../../../plots/light_curve/columns";
import { byWavelength } from "../../../sky/filters";
import { useInstruments } from "../light_curve/queries";
import type { Run } from "../queries";
import { FieldControl } from "./FieldControl";
import { Intention } from "./intention";
import { bodyOf, Options, PLAIN_CHOICES } from "./Options";
import { Preview } from "./Preview";
import { type Service, useForm, useServices, useUsualDuration } from "./queries";

interface Properties {
  id: string;
  runs: readonly Run[];
  columns: Columns | undefined;
  onStarted: (run: number) => void;
  onClose: () => void;
}

/** Chooses a service and starts a run of it. */
export function StartForm({ id, runs, columns, onStarted, onClose }: Properties): JSX.Element {
  const services = useServices();
  const [chosen, choose] = useDraft<number | null>(`start/${id}`, null);
  const offered = (services.data ?? []).filter((one) => one.enabled && !one.upload_only && one.display_on_resource_dropdown);
  const service = offered.find((one) => one.id === chosen) ?? (offered.length === 1 ? offered[0] : undefined);
  return (
    <div class="start">
      <div class="row">
        <h3>Start an analysis of {id}</h3>
        <button type="button" class="button quiet push" onClick={onClose}>
          Close
        </button>
      </div>
      <Loaded asked={services} lines={3}>
        {() =>
          offered.length === 0 ? (
            <p class="empty">
              <strong>No analysis service yet</strong>
              Register one on the page Services.
            </p>
          ) : (
            <>
              <Field label="Service" hint={service?.description ?? undefined}>
                {(control) => (
                  <select
                    class="input"
                    {...control}
                    value={service?.id ?? ""}
                    onChange={(event) => choose(Number(event.currentTarget.value) || null)}
                  >
                    <option value="">Choose…</option>
                    {offered.map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.display_name ?? one.name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              {service && <Parameters key={service.id} id={id} service={service} runs={runs} columns={columns} onStarted={onStarted} />}
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function Parameters({ id, service, runs, columns, onStarted }: { service: Service } & Omit<Properties, "onClose">): JSX.Element {
  const form = useForm(service.id);
  return (
    <Loaded asked={form}>
      {({ fields }) => <Form id={id} service={service} fields={fields} runs={runs} columns={columns} onStarted={onStarted} />}
    </Loaded>
  );
}

function Form({
  id,
  service,
  fields,
  runs,
  columns,
  onStarted,
}: { service: Service; fields: Declared[] } & Omit<Properties, "onClose">): JSX.Element {
  const [kept, keep] = useDraft<Record<string, unknown>>(`start/${id}/${service.id}`, {});
  const [entries, setEntries] = useState<Entries>(() => ({ ...initialEntries(fields), ...(kept as Entries) }));
  const [choices, setChoices] = useState(PLAIN_CHOICES);
  const [checked, setChecked] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [preview, setPreview] = useState<Record<string, unknown> | null>(null);
  const intention = useRef(new Intention());
  const busy = useRef(false);
  const usual = useUsualDuration(service.id);
  const last = runs.find((run) => run.analysis_service_id === service.id);
  const instruments = useInstruments();
  const measured = new Set(columns?.instrument_id);

  useEffect(() => {
    const texts = Object.fromEntries(Object.entries(entries).filter(([, entry]) => typeof entry !== "object"));
    if (JSON.stringify(texts) !== JSON.stringify(kept)) keep(texts);
  }, [entries]);

  const body = async () => bodyOf(await parametersOf(fields, entries), choices);
  const fits = () => {
    setChecked(true);
    return fields.every((field) => faultOf(field, entries[field.name] ?? null) === null);
  };

  const run = async (): Promise<void> => {
    if (busy.current || !fits()) return;
    busy.current = true;
    setSending(true);
    setProblem(null);
    try {
      const sent = await body();
      const key = intention.current.keyOf(JSON.stringify([service.id, sent]));
      const path = `/api/obj/${encodeURIComponent(id)}/analysis/${service.id}`;
      const { id: started } = await ask<{ id: number }>("POST", path, { body: sent, headers: { "Idempotency-Key": key } });
      intention.current.done();
      soon();
      onStarted(started);
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      busy.current = false;
      setSending(false);
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
      {fields.length > 0 ? (
        <div class="fields">
          {fields.map((field) => (
            <FieldControl
              key={field.name}
              field={field}
              entry={entries[field.name] ?? null}
              checked={checked}
              onEnter={(entry) => setEntries((now) => ({ ...now, [field.name]: entry }))}
            />
          ))}
        </div>
      ) : (
        <p class="muted">This service declares no parameters.</p>
      )}
      <Options
        choices={choices}
        filters={byWavelength(new Set(columns?.filter))}
        instruments={[...instruments].filter(([number]) => measured.has(number))}
        photometry={service.input_data_types.includes("photometry")}
        onChoose={setChoices}
      />
      <ProblemNote problem={problem} again={() => void run()} />
      <div class="row">
        <button type="submit" class="button primary" aria-disabled={sending}>
          Run
        </button>
        <button type="button" class="button" onClick={() => fits() && void body().then(setPreview)}>
          Preview what is sent
        </button>
        {last && fields.length > 0 && (
          <button
            type="button"
            class="button"
            title={`As in analysis ${last.id}, ${ago(last.created_at)}`}
            onClick={() => setEntries(initialEntries(fields, last.analysis_parameters))}
          >
            Values of the last run
          </button>
        )}
        {usual !== null && <span class="small muted">Takes {duration(usual)} as a rule.</span>}
      </div>
      {preview && <Preview id={id} service={service.id} body={preview} onClose={() => setPreview(null)} />}
    </form>
  );
}
