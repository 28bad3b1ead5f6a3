import type { JSX } from "preact";
import type { Kind } from "../../../form/fields";
import { NEW_PARAMETER, type Parameter } from "./parameters";
import { Preview } from "./Preview";

interface Properties {
  parameters: Parameter[];
  set: (parameters: Parameter[]) => void;
}

const KINDS: [Kind, string][] = [
  ["number", "number"],
  ["choice", "menu"],
  ["boolean", "checkbox"],
  ["text", "text"],
  ["file", "file"],
];

/** Declares what the service can be asked with, and shows what people will see of it. */
export function ParameterBuilder({ parameters, set }: Properties): JSX.Element {
  const change = (place: number, part: Partial<Parameter>): void =>
    set(parameters.map((parameter, other) => (other === place ? { ...parameter, ...part } : parameter)));
  return (
    <fieldset class="stack">
      <legend>Parameters</legend>
      <div class="builder">
        <div class="stack">
          {parameters.length === 0 && <p class="muted">It takes none yet.</p>}
          {parameters.map((parameter, place) => (
            <Row
              key={place}
              number={place + 1}
              parameter={parameter}
              change={(part) => change(place, part)}
              remove={() => set(parameters.filter((_, other) => other !== place))}
            />
          ))}
          <div class="row">
            <button type="button" class="button" onClick={() => set([...parameters, NEW_PARAMETER])}>
              Add a parameter
            </button>
          </div>
        </div>
        {parameters.some(({ name }) => name.trim()) && <Preview parameters={parameters} />}
      </div>
    </fieldset>
  );
}

interface RowProperties {
  number: number;
  parameter: Parameter;
  change: (part: Partial<Parameter>) => void;
  remove: () => void;
}

function Row({ number, parameter, change, remove }: RowProperties): JSX.Element {
  const input = (key: "name" | "label" | "choices" | "default" | "min" | "max", words: string): JSX.Element => (
    <label class="builder-field">
      <span>{words}</span>
      <input
        class={key === "name" ? "input mono" : "input"}
        aria-label={`${key === "name" ? "Key" : words}, parameter ${number}`}
        value={parameter[key]}
        spellcheck={false}
        onInput={(event) => change({ [key]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <div class="builder-row" role="group" aria-label={`Parameter ${number}`}>
      {input("name", "Key")}
      <label class="builder-field">
        <span>Kind</span>
        <select
          class="input"
          aria-label={`Kind, parameter ${number}`}
          value={parameter.kind}
          onChange={(event) => change({ kind: event.currentTarget.value as Kind })}
        >
          {KINDS.map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {parameter.kind === "choice" && input("choices", "Choices, between commas")}
      {parameter.kind !== "file" && input("default", "Default")}
      {parameter.kind === "number" && input("min", "At least")}
      {parameter.kind === "number" && input("max", "At most")}
      {input("label", "Label")}
      <label class="check">
        <input type="checkbox" checked={parameter.required} onChange={(event) => change({ required: event.currentTarget.checked })} />
        required
      </label>
      <button type="button" class="button quiet" aria-label={`Remove parameter ${number}`} onClick={remove}>
        ✕
      </button>
    </div>
  );
}
