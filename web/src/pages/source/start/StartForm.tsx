import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Entries, type Field as Declared, initialEntries } from "../../../form/fields";
import { useParameters } from "../../../form/parameters";
import { useStart } from "../../../form/start";
import { ago, duration } from "../../../formats";
import { useDraft } from "../../../parts/draft";
import { Field } from "../../../parts/Field";
import { Loaded } from "../../../parts/Loaded";
import { ProblemNote } from "../../../parts/Problem";
import type { Columns } from "../../../plots/light_curve/columns";
import { byWavelength } from "../../../sky/filters";
import { type Service, useServices } from "../../services/list";
import { useInstruments } from "../light_curve/queries";
import type { Run } from "../queries";
import { bodyOf, Options, PLAIN_CHOICES } from "./Options";
import { Preview } from "./Preview";
import { useForm, useUsualDuration } from "./queries";

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
  const { entries, setEntries, fit, values, controls } = useParameters(fields, () => ({ ...initialEntries(fields), ...(kept as Entries) }));
  const { post, sending, problem } = useStart(onStarted);
  const [choices, setChoices] = useState(PLAIN_CHOICES);
  const [preview, setPreview] = useState<Record<string, unknown> | null>(null);
  const usual = useUsualDuration(service.id);
  const last = runs.find((run) => run.analysis_service_id === service.id);
  const instruments = useInstruments();
  const measured = new Set(columns?.instrument_id);

  useEffect(() => {
    const texts = Object.fromEntries(Object.entries(entries).filter(([, entry]) => typeof entry !== "object"));
    if (JSON.stringify(texts) !== JSON.stringify(kept)) keep(texts);
  }, [entries]);

  const body = async () => bodyOf(await values(), choices);
  const run = async (): Promise<void> => {
    if (fit()) await post(`/api/obj/${encodeURIComponent(id)}/analysis/${service.id}`, body);
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
        <div class="fields">{controls}</div>
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
        <button type="button" class="button" onClick={() => fit() && void body().then(setPreview)}>
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
