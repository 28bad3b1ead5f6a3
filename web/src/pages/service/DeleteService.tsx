import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { api, dataOf } from "../../api/client";
import { counted } from "../../formats";
import type { components } from "../../api/schema";
import { forget, useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { Confirm } from "../../parts/Dialog";
import type { Service } from "../services/list";

type Removal = components["schemas"]["Removal"];

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
  const asked = useAsked(
    `service/${service.id}/removal`,
    () => dataOf(api.GET("/api/analysis_service/{service_id}/removal", { params: { path: { service_id: service.id } } })),
    (run) => run.analysis_service_id === service.id,
  );
  return (
    <>
      <Loaded asked={asked} lines={3}>
        {(removed) => (
          <>
            <p>Its record goes, and with it:</p>
            <ul class="losses">
              {losses(removed).map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      <p>This cannot be undone. To keep them and send nothing more, switch “Enabled” off instead.</p>
    </>
  );
}

/** What goes with a service, in words. */
function losses({ analyses, unfinished, products, default_analyses: defaults, complete }: Removal): string[] {
  const most = complete ? "" : "more than ";
  return [
    `${most}${counted(analyses, "analysis", "analyses")}${unfinished > 0 ? `, ${unfinished.toLocaleString("en")} of them still going on` : ""}`,
    `${most}${counted(products, "product")}: results, plots, corner plots, posteriors`,
    counted(defaults, "default analysis", "default analyses"),
  ];
}
