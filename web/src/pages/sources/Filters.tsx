import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { session } from "../../api/session";
import { Field } from "../../parts/Field";
import { STATES, stateWord } from "../../parts/State";
import { positionOf } from "../../sky/coordinates";
import type { Search } from "./search";

interface Properties {
  search: Search;
  onChange: (changes: Partial<Search>, replace?: boolean) => void;
}

const WAIT_MS = 350;

/** What narrows the list; all of it stands in the URL. */
export function Filters({ search, onChange }: Properties): JSX.Element {
  const [text, setText] = useState(search.text);
  const groups = session.value?.groups ?? [];
  useLayoutEffect(() => setText(search.text), [search.text]);
  useEffect(() => {
    if (text === search.text) return undefined;
    const timer = setTimeout(() => onChange({ text }), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const cone = positionOf(text) !== null;
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ text });
      }}
    >
      <Field
        label="Search sources"
        hint={cone ? "A position: sources around it" : "Part of an id, or a position such as 13:30:01 +13:24:40"}
      >
        {(control) => (
          <input class="input" type="search" {...control} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        )}
      </Field>
      {cone && (
        <Field label="Radius (″)">
          {(control) => (
            <input
              class="input"
              type="number"
              min="0"
              step="any"
              {...control}
              value={search.radius}
              onChange={(event) => onChange({ radius: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <Field label="Group">
        {(control) => (
          <select
            class="input"
            {...control}
            value={search.groups[0] ?? ""}
            onChange={({ currentTarget: { value } }) => onChange({ groups: value ? [Number(value)] : [] })}
          >
            <option value="">All of mine</option>
            {groups.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Class">
        {(control) => (
          <input
            class="input"
            {...control}
            value={search.classification}
            placeholder="any"
            onChange={(event) => onChange({ classification: event.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <div class="field">
        <span class="label" id="redshift-range">
          Redshift
        </span>
        <span class="range" role="group" aria-labelledby="redshift-range">
          <input
            class="input"
            type="number"
            step="any"
            aria-label="Least redshift"
            placeholder="from"
            value={search.minRedshift}
            onChange={(event) => onChange({ minRedshift: event.currentTarget.value })}
          />
          <input
            class="input"
            type="number"
            step="any"
            aria-label="Greatest redshift"
            placeholder="to"
            value={search.maxRedshift}
            onChange={(event) => onChange({ maxRedshift: event.currentTarget.value })}
          />
        </span>
      </div>
      <Field label="Newest analysis">
        {(control) => (
          <select class="input" {...control} value={search.state} onChange={(event) => onChange({ state: event.currentTarget.value })}>
            <option value="">any state</option>
            {STATES.map((state) => (
              <option key={state} value={state}>
                {stateWord(state)}
              </option>
            ))}
            <option value="none">no analysis yet</option>
          </select>
        )}
      </Field>
    </form>
  );
}
