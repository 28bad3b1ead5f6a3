import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { useDraft } from "../../../parts/draft";
import { Field } from "../../../parts/Field";
import { ProblemNote } from "../../../parts/Problem";
import { sourcePath } from "../queries";
import { valuesOf } from "./values";

const EMPTY = { origin: "", values: "" };

/** Puts values to a source under an origin of one's own. */
export function NewAnnotation({ id, onPosted }: { id: string; onPosted: () => void }): JSX.Element {
  const [draft, setDraft, forgetDraft] = useDraft(`annotation/${id}`, EMPTY);
  const [problem, setProblem] = useState<unknown>(null);
  const post = async (): Promise<void> => {
    setProblem(null);
    try {
      const body = { origin: draft.origin.trim(), data: valuesOf(draft.values) };
      await ask("POST", `${sourcePath(id)}/annotations`, { body });
      setDraft(EMPTY);
      forgetDraft();
      onPosted();
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  return (
    <details class="options no-print">
      <summary>Add an annotation</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void post();
        }}
      >
        <Field label="Origin" hint="Whose values they are; one annotation of each origin">
          {(control) => (
            <input
              class="input"
              {...control}
              value={draft.origin}
              onInput={(event) => setDraft({ ...draft, origin: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Values" hint="A name and a value on each line: period = 0.7123">
          {(control) => (
            <textarea
              class="input"
              {...control}
              value={draft.values}
              onInput={(event) => setDraft({ ...draft, values: event.currentTarget.value })}
            />
          )}
        </Field>
        <ProblemNote problem={problem} />
        <div class="row">
          <button type="submit" class="button" disabled={draft.origin.trim() === "" || draft.values.trim() === ""}>
            Post annotation
          </button>
        </div>
      </form>
    </details>
  );
}
