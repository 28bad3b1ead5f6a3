import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { to } from "../../api/base";
import { Field } from "../../parts/Field";
import { AddData } from "../source/add_data/AddData";
import type { ListedSource } from "./queries";

/** Imports a file of photometry or a spectrum for one of the sources. */
export function ImportFile({ sources }: { sources: readonly ListedSource[] }): JSX.Element {
  const [text, setText] = useState("");
  const id = text.trim();
  return (
    <AddData id={id} title="Import a file" added={<a href={to("sources", id)}>Go to {id}</a>}>
      <Field label="Source" hint="The id of the source that the data belong to">
        {(control) => (
          <>
            <input class="input" list="known-sources" {...control} value={text} onInput={(event) => setText(event.currentTarget.value)} />
            <datalist id="known-sources">
              {sources.map((one) => (
                <option key={one.id} value={one.id} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </AddData>
  );
}
