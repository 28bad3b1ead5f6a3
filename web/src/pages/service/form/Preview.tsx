import type { JSX } from "preact";
import type { Field } from "../../../form/fields";
import { type Parameter, previewOf } from "./parameters";

/** What the start form will look like; nothing in it does anything. */
export function Preview({ parameters }: { parameters: Parameter[] }): JSX.Element {
  return (
    <div class="preview" aria-hidden="true">
      <p class="small muted">Preview</p>
      {previewOf(parameters).map((field) => (
        <div key={field.name} class={field.kind === "boolean" ? "check" : "field"}>
          {field.kind === "boolean" && <input type="checkbox" tabIndex={-1} checked={field.default === true} disabled />}
          <span class={field.kind === "boolean" ? "" : "label"}>
            {field.label}
            {field.required && " *"}
          </span>
          <Control field={field} />
        </div>
      ))}
    </div>
  );
}

function Control({ field }: { field: Field }): JSX.Element | null {
  const shown = field.default === undefined ? "" : String(field.default);
  switch (field.kind) {
    case "boolean":
      return null;
    case "choice":
      return (
        <select class="input" tabIndex={-1} disabled>
          <option>{shown || String(field.choices?.[0] ?? "")}</option>
        </select>
      );
    case "file":
      return <input type="file" tabIndex={-1} disabled />;
    default:
      return <input class="input" tabIndex={-1} disabled value={shown} placeholder={rangeOf(field)} />;
  }
}

function rangeOf({ min, max }: Field): string {
  if (min != null && max != null) return `${min} to ${max}`;
  return min != null ? `at least ${min}` : max != null ? `at most ${max}` : "";
}
