import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Entries, faultOf, type Field, initialEntries, parametersOf } from "./fields";
import { FieldControl } from "./FieldControl";

interface Parameters {
  entries: Entries;
  setEntries: (entries: Entries) => void;
  /** Whether they may be sent; from the first question on, what is wrong is said beside its control. */
  fit: () => boolean;
  /** What is sent as `analysis_parameters`. */
  values: () => Promise<Record<string, unknown>>;
  controls: JSX.Element[];
}

/** The declared parameters of a service as controls that can be filled in. */
export function useParameters(fields: readonly Field[], begin: () => Entries = () => initialEntries(fields)): Parameters {
  const [entries, setEntries] = useState<Entries>(begin);
  const [checked, setChecked] = useState(false);
  return {
    entries,
    setEntries,
    fit: () => {
      setChecked(true);
      return fields.every((field) => faultOf(field, entries[field.name] ?? null) === null);
    },
    values: () => parametersOf(fields, entries),
    controls: fields.map((field) => (
      <FieldControl
        key={field.name}
        field={field}
        entry={entries[field.name] ?? null}
        checked={checked}
        onEnter={(entry) => setEntries((now) => ({ ...now, [field.name]: entry }))}
      />
    )),
  };
}
