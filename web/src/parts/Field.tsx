import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface Properties {
  label: string;
  hint?: ComponentChildren;
  wrong?: string | undefined;
  wide?: boolean;
  /** Draws the control; `control` holds its id and what describes it. */
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => ComponentChildren;
}

/** A labelled control, with a hint and what is wrong with it. */
export function Field({ label, hint, wrong, wide = false, children }: Properties): JSX.Element {
  const id = useId();
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div class={wide ? "field wide" : "field"}>
      <label for={id}>{label}</label>
      {children({ id, ...(described && { "aria-describedby": described }), ...(wrong && { "aria-invalid": true }) })}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span class="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  );
}
