import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import { may, session } from "../../api/session";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { isId, NotFound } from "../../shell/NotFound";
import { useTitle } from "../../parts/title";
import { useHealth } from "../services/health";
import { Circuit } from "../services/HealthCells";
import { type Service, useServices } from "../services/list";
import "../services/services.css";
import { DeleteService } from "./DeleteService";
import { Defaults } from "./defaults/Defaults";
import { Facts } from "./Facts";
import { ServiceForm } from "./form/ServiceForm";
import { HealthPanel } from "./HealthPanel";
import { Limits } from "./Limits";
import { Ping } from "./Ping";
import { RetryFailed } from "./RetryFailed";
import { Secrets } from "./Secrets";
import "./service.css";

/** One service: what it is, how it does, and what can be done about it. */
export default function ServicePage({ id }: { id: string }): JSX.Element {
  return isId(id) ? <Page key={id} id={Number(id)} /> : <NotFound />;
}

function Page({ id }: { id: number }): JSX.Element {
  const asked = useAsked(`service/${id}`, () => ask<Service>("GET", `/api/analysis_service/${id}`));
  const [editing, setEditing] = useState(false);
  const service = asked.data;
  useTitle(service?.display_name ?? "Service");
  const manages = may("Manage Analysis Services");
  return (
    <main class="page service-page">
      <Others here={id} />
      <div class="stack">
        <div class="page-head">
          <h1>{service?.display_name ?? "Service"}</h1>
          {service && manages && !editing && (
            <div class="row">
              <button type="button" class="button" onClick={() => setEditing(true)}>
                Edit
              </button>
              <DeleteService service={service} />
            </div>
          )}
        </div>
        <Loaded asked={asked} lines={8}>
          {(service) => (
            <>
              {editing ? (
                <section class="panel" aria-label="Edit the service">
                  <ServiceForm
                    service={service}
                    close={() => setEditing(false)}
                    saved={() => {
                      setEditing(false);
                      void asked.again();
                    }}
                  />
                </section>
              ) : (
                <div class="halves">
                  <div class="stack">
                    <Facts service={service} />
                    <Ping service={service} />
                  </div>
                  <div class="stack">
                    <HealthPanel service={service} />
                    {may("Run Analyses") && !service.upload_only && <RetryFailed service={service} />}
                  </div>
                </div>
              )}
              <Defaults service={service} />
              {manages && (
                <div class="halves">
                  <Limits service={service} />
                  <Secrets service={service} admin={session.value?.is_admin === true} />
                </div>
              )}
            </>
          )}
        </Loaded>
      </div>
    </main>
  );
}

/** The other services, a click away. */
function Others({ here }: { here: number }): JSX.Element {
  const { route } = useLocation();
  const services = useServices();
  const health = useHealth((services.data ?? []).map((service) => service.id));
  return (
    <aside class="others">
      <div class="panel-head">
        <h2>All services</h2>
        {may("Manage Analysis Services") && (
          <button type="button" class="button" onClick={() => route(`${to("services")}?new=1`)}>
            New service
          </button>
        )}
      </div>
      <Loaded asked={services} lines={4}>
        {(list) => (
          <ul>
            {list.map((service) => {
              const known = health.data?.[service.id];
              return (
                <li key={service.id} data-row>
                  <a href={to("services", service.id)} aria-current={service.id === here ? "page" : undefined}>
                    {service.display_name}
                  </a>
                  {known && <Circuit health={known} />}
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </aside>
  );
}
