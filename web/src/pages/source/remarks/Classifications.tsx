import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { may, session } from "../../../api/session";
import { dateTime } from "../../../formats";
import { useAsked } from "../../../live/cache";
import { Confirm } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Form } from "../../../parts/Form";
import { significant } from "../../../sky/numbers";
import type { Classification, Source } from "../queries";
import { classesOf, type Taxonomy } from "./taxonomy";

interface Properties {
  source: Source;
  onChanged: () => void;
}

/** What people and services think that a source is. */
export function Classifications({ source, onChanged }: Properties): JSX.Element {
  const [gone, setGone] = useState<Classification | null>(null);
  return (
    <section class="panel" aria-labelledby="classifications">
      <h2 id="classifications">Classifications</h2>
      {source.classifications.length === 0 && <p class="muted">Not classified yet.</p>}
      <ul class="remarks">
        {[...source.classifications].reverse().map((one) => (
          <li key={one.id} class="row">
            <strong>{one.classification}</strong>
            {one.probability !== null && <span>{significant(one.probability, 3)}</span>}
            <span class="small muted">
              {one.author_name}, {dateTime(one.created_at)}
            </span>
            {isOwn(one.author_id) && (
              <button
                type="button"
                class="button quiet push"
                aria-label={`Delete classification ${one.classification}`}
                onClick={() => setGone(one)}
              >
                Delete
              </button>
            )}
          </li>
        ))}
      </ul>
      {may("Classify") && <Classify id={source.id} onChanged={onChanged} />}
      {gone && (
        <Confirm
          title={`Delete the classification ${gone.classification}?`}
          action="Delete classification"
          onClose={() => setGone(null)}
          onConfirm={async () => {
            await ask("DELETE", `/api/classification/${gone.id}`);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

/** Whether the caller may take it back. */
export const isOwn = (author: number): boolean => session.value?.user.id === author || may("Manage sources");

function Classify({ id, onChanged }: { id: string; onChanged: () => void }): JSX.Element | null {
  const taxonomies = useAsked("taxonomies", () => ask<Taxonomy[]>("GET", "/api/taxonomy"));
  const [chosen, setChosen] = useState("");
  const [probability, setProbability] = useState("");
  const classes = (taxonomies.data ?? []).flatMap(classesOf);
  if (classes.length === 0)
    return taxonomies.data ? <p class="small muted">To classify, a taxonomy is needed: post one to /api/taxonomy.</p> : null;
  const post = async (): Promise<void> => {
    const one = classes[Number(chosen)];
    if (!one || chosen === "") return;
    const body = {
      obj_id: id,
      classification: one.name,
      taxonomy_id: one.taxonomyId,
      ...(probability !== "" && { probability: Number(probability) }),
    };
    await ask("POST", "/api/classification", { body });
    setChosen("");
    setProbability("");
    onChanged();
  };
  return (
    <Form look="no-print" action="Classify" send={post} ready={chosen !== ""}>
      <div class="fields">
        <Field label="Class">
          {(control) => (
            <select class="input" {...control} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
              <option value="">Choose…</option>
              {classes.map(({ name, taxonomy, depth }, place) => (
                <option key={place} value={String(place)}>
                  {"\u2003".repeat(depth)}
                  {name}
                  {depth === 0 && (taxonomies.data?.length ?? 0) > 1 ? ` (${taxonomy})` : ""}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Probability">
          {(control) => (
            <input
              class="input"
              type="number"
              min="0"
              max="1"
              step="any"
              {...control}
              value={probability}
              onInput={(event) => setProbability(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
    </Form>
  );
}
