import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { may } from "../../api/session";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { ProblemNote } from "../../parts/Problem";
import { useQuery } from "../../parts/query";
import { Skeleton } from "../../parts/Skeleton";
import { type Column, Table } from "../../parts/Table";
import { useTitle } from "../../parts/title";
import { ServiceForm } from "../service/form/ServiceForm";
import { type Health, useHealth } from "./health";
import { Circuit, Durations, Sparkline } from "./HealthCells";
import { type Service, useServices } from "./list";
import "./services.css";

/** All services that the caller reaches, and how each has been doing. */
export default function ServicesPage(): JSX.Element {
  useTitle("Services");
  const { route } = useLocation();
  const [query, change] = useQuery();
  const services = useServices();
  const health = useHealth((services.data ?? []).map((service) => service.id));
  const making = query.get("new") !== null;
  return (
    <main class="page">
      <div class="page-head">
        <h1>Services</h1>
        {may("Manage Analysis Services") && !making && (
          <button type="button" class="button primary" onClick={() => change({ new: "1" })}>
            New service
          </button>
        )}
      </div>
      {making && may("Manage Analysis Services") && (
        <section class="panel" aria-labelledby="new-service">
          <h2 id="new-service">A new service</h2>
          <ServiceForm
            service={null}
            close={() => change({ new: null })}
            saved={(id) => {
              void services.again();
              route(to("services", id));
            }}
          />
        </section>
      )}
      <section class="panel" aria-label="All services">
        <Loaded asked={services} lines={6}>
          {(list) => (
            <>
              {health.problem && <ProblemNote problem={health.problem} again={() => void health.again()} />}
              <Table<Service> caption="Services" stacks rows={list} rowKey={(service) => service.id} columns={columns(health.data, health.asking)} empty={<Nobody />} />
            </>
          )}
        </Loaded>
      </section>
    </main>
  );
}

function Nobody(): JSX.Element {
  return (
    <>
      <strong>No service is registered yet.</strong>
      {may("Manage Analysis Services")
        ? "Begin with “New service”: its URL is what your analysis service answers POST at."
        : "Somebody who may manage analysis services adds the first one."}
    </>
  );
}

function columns(health: Record<string, Health> | undefined, asking: boolean): Column<Service>[] {
  const of = (draw: (health: Health) => JSX.Element | null) => (service: Service): JSX.Element | null => {
    const known = health?.[service.id];
    return known ? draw(known) : asking ? <Skeleton lines={1} /> : null;
  };
  return [
    {
      head: "Service",
      wide: true,
      cell: (service) => (
        <div class="service-name">
          <a href={to("services", service.id)}>{service.display_name}</a>
          {service.name !== service.display_name && <span class="muted mono"> {service.name}</span>}
          {!service.enabled && <span class="tag">disabled</span>}
          {service.is_summary && <span class="tag">summaries</span>}
          {service.upload_only && <span class="tag">uploads</span>}
          {service.description && <p class="muted small clamp">{service.description}</p>}
        </div>
      ),
    },
    { head: "Now", cell: of((known) => <Circuit health={known} />) },
    { head: "Latest runs", cell: of((known) => <Sparkline health={known} />) },
    { head: "Takes, half / 95 %", named: true, cell: of((known) => <Durations health={known} />) },
    {
      head: "Last success",
      named: true,
      cell: of((known) => (known.last_success ? <Moment at={known.last_success} /> : <span class="muted">never</span>)),
    },
    { head: "Kind", cell: (service) => <span class="nowrap">{service.analysis_type.replaceAll("_", " ")}</span> },
  ];
}
