import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../../api/client";
import { may, session } from "../../../api/session";
import { Confirm } from "../../../parts/Dialog";
import { Loaded } from "../../../parts/Loaded";
import { Moment } from "../../../parts/Moment";
import type { Service } from "../../services/list";
import { DefaultForm } from "./DefaultForm";
import { type DefaultAnalysis, type SourceFilter, useDefaults } from "./list";

/** Analyses that are started by themselves when something happens to a source. */
export function Defaults({ service }: { service: Service }): JSX.Element {
  const asked = useDefaults(service.id);
  const [edited, setEdited] = useState<DefaultAnalysis | "new" | null>(null);
  const [removed, setRemoved] = useState<DefaultAnalysis | null>(null);
  const remove = async (): Promise<void> => {
    if (removed === null) return;
    const path = { service_id: service.id, default_id: removed.id };
    await dataOf(api.DELETE("/api/analysis_service/{service_id}/default_analysis/{default_id}", { params: { path } }));
    await asked.again();
  };
  return (
    <section class="panel" aria-labelledby="defaults">
      <div class="panel-head">
        <h2 id="defaults">Default analyses</h2>
        {may("Run Analyses") && edited === null && (
          <button type="button" class="button" onClick={() => setEdited("new")}>
            New default analysis
          </button>
        )}
      </div>
      {edited !== null && (
        <DefaultForm
          service={service}
          given={edited === "new" ? null : edited}
          close={() => setEdited(null)}
          saved={() => {
            setEdited(null);
            void asked.again();
          }}
        />
      )}
      <Loaded asked={asked} lines={2}>
        {(defaults) =>
          defaults.length === 0 ? (
            <p class="muted">None: it runs only when somebody starts it.</p>
          ) : (
            <ul class="default-rows">
              {defaults.map((row) => (
                <Row key={row.id} row={row} service={service} edit={() => setEdited(row)} remove={() => setRemoved(row)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {removed && (
        <Confirm title="Remove this default analysis?" action="Remove default analysis" onClose={() => setRemoved(null)} onConfirm={remove}>
          <p>It starts nothing any more. What it started stays.</p>
        </Confirm>
      )}
    </section>
  );
}

interface RowProperties {
  row: DefaultAnalysis;
  service: Service;
  edit: () => void;
  remove: () => void;
}

function Row({ row, service, edit, remove }: RowProperties): JSX.Element {
  const mine = may("Run Analyses") && (session.value?.is_admin || session.value?.user.id === row.author_id);
  return (
    <li class="default-row">
      <div class="row">
        <span>{when(row.source_filter as SourceFilter, service)}</span>
        {mine && (
          <>
            <button type="button" class="button" onClick={edit}>
              Change
            </button>
            <button type="button" class="button danger" onClick={remove}>
              Remove
            </button>
          </>
        )}
      </div>
      <p class="muted small">
        {row.stats.daily_count} of {row.stats.daily_limit} today · by {row.author?.username ?? `user ${row.author_id}`} · last{" "}
        {row.stats.last_run ? <Moment at={row.stats.last_run} /> : "never"}
        {Object.keys(row.default_analysis_parameters).length > 0 && (
          <>
            {" "}
            · <code>{JSON.stringify(row.default_analysis_parameters)}</code>
          </>
        )}
      </p>
    </li>
  );
}

function when(filter: SourceFilter, service: Service): string {
  if (filter.group_id != null) {
    const name = [...(session.value?.groups ?? []), ...service.groups].find((group) => group.id === filter.group_id)?.name;
    return `When a source is saved to ${name ?? `group ${filter.group_id}`}`;
  }
  const classes = (filter.classifications ?? []).map(({ name, probability }) => (probability ? `${name} (at least ${probability})` : name));
  return classes.length > 0 ? `When a source is classified as ${classes.join(" or ")}` : "Never: it has no filter";
}
