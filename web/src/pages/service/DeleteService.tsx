import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { api, dataOf } from "../../api/client";
import { counted } from "../../formats";
import { forget, useAsked } from "../../live/cache";
import { Confirm } from "../../parts/Dialog";
import { useDefaults } from "./defaults/list";
import type { Service } from "../services/list";

/** Removes a service, after saying what goes with it. */
export function DeleteService({ service }: { service: Service }): JSX.Element {
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await dataOf(api.DELETE("/api/analysis_service/{service_id}", { params: { path: { service_id: service.id } } }));
    forget("services");
    forget("health/");
    route(to("services"));
  };
  return (
    <>
      <button type="button" class="button danger" onClick={() => setAsking(true)}>
        Delete
      </button>
      {asking && (
        <Confirm title={`Delete ${service.display_name}?`} action="Delete service" onClose={() => setAsking(false)} onConfirm={remove}>
          <Losses service={service} />
        </Confirm>
      )}
    </>
  );
}

function Losses({ service }: { service: Service }): JSX.Element {
  const health = useAsked(`health/${service.id}`, () =>
    dataOf(api.GET("/api/analysis_service/{service_id}/health", { params: { path: { service_id: service.id } } })),
  );
  const defaults = useDefaults(service.id);
  const window = health.data?.window;
  const analyses = window === undefined ? "All its analyses" : window.analyses >= window.most ? `Its more than ${window.most} analyses` : window.analyses === 0 ? null : `Its ${counted(window.analyses, "analysis", "analyses")}`;
  const count = defaults.data?.length ?? 0;
  return (
    <>
      <p>{analyses ? `${analyses} and all their results, plots and inputs are removed with it` : "It has no analyses; its record is removed"}
        {count > 0 && `, and ${counted(count, "default analysis", "default analyses")}`}. This cannot be undone.
      </p>
      <p class="muted">To keep them and send nothing more, switch “Enabled” off instead.</p>
    </>
  );
}
