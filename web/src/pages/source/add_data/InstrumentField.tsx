import type { JSX } from "preact";
import { ask } from "../../../api/client";
import { useAsked } from "../../../live/cache";
import { Field } from "../../../parts/Field";

export interface Instrument {
  id: number;
  name: string;
  filters: string[];
}

export const useInstrumentList = (): Instrument[] => useAsked("instruments", () => ask<Instrument[]>("GET", "/api/instrument")).data ?? [];

/** Which instrument measured. */
export function InstrumentField({
  instruments,
  chosen,
  onChoose,
}: {
  instruments: Instrument[];
  chosen: number | null;
  onChoose: (id: number | null) => void;
}): JSX.Element {
  return (
    <Field label="Instrument" hint="if the file does not say; else one is made by its survey's name">
      {(control) => (
        <select class="input" {...control} value={chosen ?? ""} onChange={(event) => onChoose(Number(event.currentTarget.value) || null)}>
          <option value="">by the file</option>
          {instruments.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
