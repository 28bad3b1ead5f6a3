import type { ComponentChildren, JSX } from "preact";
import { Field } from "./Field";

interface TextProperties {
  label: string;
  hint?: string;
  value: string;
  set: (value: string) => void;
  type?: "text" | "number" | "email" | "password";
  long?: boolean;
  wide?: boolean;
  mono?: boolean;
  required?: boolean;
}

/** A labelled field for text or a number. */
export function Text({ label, hint, value, set, type = "text", long = false, wide = false, mono = false, required = false }: TextProperties): JSX.Element {
  const look = mono ? "input mono" : "input";
  return (
    <Field label={label} hint={hint} wide={wide}>
      {(control) =>
        long ? (
          <textarea {...control} class={look} rows={2} value={value} onInput={(event) => set(event.currentTarget.value)} />
        ) : (
          <input
            {...control}
            {...({ type, ...(type === "number" && { step: "any" }) } as { type: "text" })}
            class={look}
            autocomplete="off"
            required={required}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

interface ChoiceProperties {
  label: string;
  options: readonly (readonly [value: string, words: string])[];
  value: string;
  set: (value: string) => void;
}

/** A labelled menu. */
export function Choice({ label, options, value, set }: ChoiceProperties): JSX.Element {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} class="input" value={value} onChange={(event) => set(event.currentTarget.value)}>
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A labelled checkbox. */
export function Check({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

interface ChecksProperties<T> {
  legend: ComponentChildren;
  options: readonly (readonly [value: T, words: string])[];
  chosen: readonly T[];
  choose: (chosen: T[]) => void;
  /** Whether the legend is written like a label, instead of like a heading. */
  small?: boolean;
}

/** A list of checkboxes, of which any number may be ticked. */
export function Checks<T extends string | number>({ legend, options, chosen, choose, small = false }: ChecksProperties<T>): JSX.Element {
  return (
    <fieldset>
      <legend class={small ? "small muted" : undefined}>{legend}</legend>
      <div class="checks">
        {options.map(([value, words]) => (
          <Check
            key={value}
            label={words}
            on={chosen.includes(value)}
            set={(on) => choose(on ? [...chosen, value] : chosen.filter((other) => other !== value))}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Options whose words are their values. */
export const named = <T extends string>(values: readonly T[]): [T, T][] => values.map((value) => [value, value]);
