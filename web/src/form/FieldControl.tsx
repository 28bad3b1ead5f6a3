import type { JSX } from "preact";
import { type Entry, faultOf, type Field as Declared } from "./fields";
import { Field } from "../parts/Field";

interface Properties {
  field: Declared;
  entry: Entry;
  /** Whether what is wrong is said already: not before somebody has tried to send it. */
  checked: boolean;
  onEnter: (entry: Entry) => void;
}

/** The control of a declared parameter: named by its label, of the kind that was declared. */
export function FieldControl({ field, entry, checked, onEnter }: Properties): JSX.Element {
  if (field.kind === "boolean") {
    return (
      <label class="check">
        <input type="checkbox" checked={entry === true} onChange={(event) => onEnter(event.currentTarget.checked)} />
        {field.label}
      </label>
    );
  }
  const wrong = checked ? (faultOf(field, entry) ?? undefined) : undefined;
  return (
    <Field label={field.label} hint={hintOf(field)} wrong={wrong}>
      {(control) => <Control field={field} entry={entry} onEnter={onEnter} control={{ ...control, required: field.required }} />}
    </Field>
  );
}

function Control({ field, entry, onEnter, control }: Omit<Properties, "checked"> & { control: object }): JSX.Element {
  const text = typeof entry === "string" ? entry : "";
  if (field.kind === "choice") {
    return (
      <select class="input" {...control} value={text} onChange={(event) => onEnter(event.currentTarget.value)}>
        {(!field.required || text === "") && <option value="">{field.required ? "Choose…" : "As the service likes"}</option>}
        {(field.choices ?? []).map((choice, place) => (
          <option key={place} value={String(choice)}>
            {String(choice)}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "file") {
    return <input class="input" type="file" {...control} onChange={(event) => onEnter(event.currentTarget.files?.[0] ?? null)} />;
  }
  const enter = (event: { currentTarget: HTMLInputElement }): void => onEnter(event.currentTarget.value);
  if (field.kind === "text") return <input class="input" type="text" {...control} value={text} onInput={enter} />;
  return (
    <input
      class="input"
      type="number"
      {...control}
      min={field.min ?? undefined}
      max={field.max ?? undefined}
      step={field.step ?? "any"}
      value={text}
      onInput={enter}
    />
  );
}

function hintOf({ required, min, max }: Declared): string | undefined {
  const range = min != null && max != null ? `${min} to ${max}` : min != null ? `at least ${min}` : max != null ? `at most ${max}` : "";
  return [required && "required", range].filter(Boolean).join(", ") || undefined;
}
