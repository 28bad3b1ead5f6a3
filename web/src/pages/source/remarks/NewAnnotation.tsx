import type { JSX } from "preact";
import { ask } from "../../../api/client";
import { useDraft } from "../../../parts/draft";
import { Field } from "../../../parts/Field";
import { Form } from "../../../parts/Form";
import { sourcePath } from "../queries";
import { valuesOf } from "./values";

const EMPTY = { origin: "", values: "" };

/** Puts values to a source under an origin of one's own. */
export function NewAnnotation({ id, onPosted }: { id: string; onPosted: () => void }): JSX.Element {
  const [draft, setDraft, forgetDraft] = useDraft(`annotation/${id}`, EMPTY);
  const post = async (): Promise<void> => {
    const body = { origin: draft.origin.trim(), data: valuesOf(draft.values) };
    await ask("POST", `${sourcePath(id)}/annotations`, { body });
    setDraft(EMPTY);
    forgetDraft();
    onPosted();
  };
  return (
    <details class="options no-print">
      <summary>Add an annotation</summary>
      <Form look="" action="Post annotation" send={post} ready={draft.origin.trim() !== "" && draft.values.trim() !== ""}>
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
      </Form>
    </details>
  );
}
