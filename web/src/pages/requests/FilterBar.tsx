import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { session } from "../../api/session";
import { useAsked } from "../../live/cache";
import { Field } from "../../parts/Field";
import { STATES, stateWord } from "../../parts/State";
import { FILTERS, type Filters } from "./runs";

interface Properties {
  filters: Filters;
  change: (changes: Record<string, string | null>) => void;
}

/** Narrows the list; each change is a step that Back takes back. */
export function FilterBar({ filters, change }: Properties): JSX.Element {
  const services = useAsked("services", () => dataOf(api.GET("/api/analysis_service", {})));
  const own = session.value?.user;
  const author = filters.authorID ?? "";
  const any = FILTERS.some((name) => filters[name] !== undefined);
  return (
    <div class="filters">
      <Field label="State">
        {(control) => (
          <select {...control} class="input" value={filters.status ?? ""} onChange={(event) => change({ status: event.currentTarget.value })}>
            <option value="">All</option>
            {STATES.map((state) => (
              <option key={state} value={state}>
                {stateWord(state)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Service">
        {(control) => (
          <select {...control} class="input" value={filters.serviceID ?? ""} onChange={(event) => change({ serviceID: event.currentTarget.value })}>
            <option value="">All</option>
            {filters.serviceID && !services.data?.some((service) => String(service.id) === filters.serviceID) && (
              <option value={filters.serviceID}>Service {filters.serviceID}</option>
            )}
            {services.data?.map((service) => (
              <option key={service.id} value={String(service.id)}>
                {service.display_name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Author">
        {(control) => (
          <select {...control} class="input" value={author} onChange={(event) => change({ authorID: event.currentTarget.value })}>
            <option value="">Everybody</option>
            {own && <option value={String(own.id)}>{own.username} (you)</option>}
            {author && author !== String(own?.id) && <option value={author}>User {author}</option>}
          </select>
        )}
      </Field>
      <Typed label="Object" value={filters.objID ?? ""} set={(objID) => change({ objID })} />
      <Typed label="From" moment value={filters.from ?? ""} set={(from) => change({ from })} />
      <Typed label="To" moment value={filters.to ?? ""} set={(to) => change({ to })} />
      {any && (
        <button
          type="button"
          class="button quiet"
          onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, null])))}
        >
          Show all
        </button>
      )}
    </div>
  );
}

interface TypedProperties {
  label: string;
  moment?: boolean;
  value: string;
  set: (value: string) => void;
}

/** A field that narrows the list when it is left or Enter is pressed. */
function Typed({ label, moment = false, value, set }: TypedProperties): JSX.Element {
  const [text, setText] = useState(value);
  useLayoutEffect(() => setText(value), [value]);
  const commit = (): void => {
    if (text.trim() !== value) set(text.trim());
  };
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          {...(moment ? ({ type: "datetime-local" } as const) : ({ type: "text" } as const))}
          class="input"
          value={text}
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />
      )}
    </Field>
  );
}
