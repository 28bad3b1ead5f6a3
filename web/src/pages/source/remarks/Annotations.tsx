import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { may } from "../../../api/session";
import { dateTime } from "../../../formats";
import { Confirm } from "../../../parts/Dialog";
import { isNumber, significant } from "../../../sky/numbers";
import { type Annotation, type Source, sourcePath } from "../queries";
import { NewAnnotation } from "./NewAnnotation";
import { isOwn } from "./Classifications";

/** Values that people and services put to a source, by their origin. */
export function Annotations({ source, onChanged }: { source: Source; onChanged: () => void }): JSX.Element {
  const [gone, setGone] = useState<Annotation | null>(null);
  return (
    <section class="panel" aria-labelledby="annotations">
      <h2 id="annotations">Annotations</h2>
      {source.annotations.length === 0 && <p class="muted">None yet. A periodogram can be saved as one.</p>}
      {source.annotations.map((one) => (
        <div key={one.id} class="stack annotation">
          <div class="row">
            <h3>{one.origin}</h3>
            <span class="small muted">
              {one.author?.username ?? `user ${one.author_id}`}, {dateTime(one.modified)}
            </span>
            {isOwn(one.author_id) && (
              <button type="button" class="button quiet push" aria-label={`Delete annotation ${one.origin}`} onClick={() => setGone(one)}>
                Delete
              </button>
            )}
          </div>
          <dl class="facts">
            {Object.entries(one.data).map(([name, value]) => (
              <>
                <dt key={name}>{name}</dt>
                <dd>{textOf(value)}</dd>
              </>
            ))}
          </dl>
        </div>
      ))}
      {may("Annotate") && <NewAnnotation id={source.id} onPosted={onChanged} />}
      {gone && (
        <Confirm
          title={`Delete the annotation of ${gone.origin}?`}
          action="Delete annotation"
          onClose={() => setGone(null)}
          onConfirm={async () => {
            await ask("DELETE", `${sourcePath(source.id)}/annotations/${gone.id}`);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

function textOf(value: unknown): string {
  if (isNumber(value)) return significant(value, 8);
  return typeof value === "string" ? value : JSON.stringify(value);
}
