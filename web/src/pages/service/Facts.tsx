import type { ComponentChildren, JSX } from "preact";
import { duration } from "../../formats";
import { Moment } from "../../parts/Moment";
import type { Service } from "../services/list";
import { useTrust } from "./queries";
import { parametersIn } from "./form/parameters";

/** What the service is, in all that is stored of it but its credentials. */
export function Facts({ service }: { service: Service }): JSX.Element {
  const trusted = useTrust(service.id).data?.trusted;
  const parameters = parametersIn(service.optional_analysis_parameters);
  const facts: [string, ComponentChildren][] = [
    ["Name", <code>{service.name}</code>],
    ["URL", <code>{service.url}</code>],
    ["Kind", service.analysis_type.replaceAll("_", " ")],
    ["Is sent", service.input_data_types.join(", ") || "no data"],
    ["Parameters", parameters.map(({ name, kind }) => `${name} (${kind})`).join(", ") || "none"],
    ["Authentication", service.authentication_type],
    ["Language-model keys", trusted === undefined ? null : trusted ? "trusted with them" : "is handed none"],
    ["Timeout", duration(service.timeout)],
    ["Groups", service.groups.map((group) => group.name).join(", ")],
    ["State", [service.enabled ? "enabled" : "disabled", service.upload_only && "uploads only", service.is_summary && "writes summaries", !service.display_on_resource_dropdown && "not offered on source pages"].filter(Boolean).join(", ")],
    ["Version", service.version],
    ["Contact", [service.contact_name, service.contact_email].filter(Boolean).join(", ")],
    ["Registered", <Moment at={service.created_at} />],
  ];
  return (
    <section class="panel" aria-label="About the service">
      {service.description && <p>{service.description}</p>}
      <dl class="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
      </dl>
    </section>
  );
}
