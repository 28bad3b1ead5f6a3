import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { to } from "../../api/base";
import { ask } from "../../api/client";
import { session } from "../../api/session";
import { forget } from "../../live/cache";
import { useDraft } from "../../parts/draft";
import { Field } from "../../parts/Field";
import { Form } from "../../parts/Form";
import { positionOf } from "../../sky/coordinates";

const EMPTY = { id: "", position: "", redshift: "", group: "" };

/** Saves a new source and goes to it. */
export function AddSource({ onClose }: { onClose: () => void }): JSX.Element {
  const { route } = useLocation();
  const [draft, setDraft, forgetDraft] = useDraft("source", EMPTY);
  const [checked, setChecked] = useState(false);
  const position = positionOf(draft.position);
  const wrongId = checked && !/^[\w\-;:+.]+$/.test(draft.id.trim()) ? "Letters, digits and _-;:+. only." : undefined;
  const wrongPosition = checked && !position ? "A position such as 13:30:01.21 +13:24:40.3 or 202.505 13.411." : undefined;
  const save = async (): Promise<void> => {
    setChecked(true);
    const id = draft.id.trim();
    if (!/^[\w\-;:+.]+$/.test(id) || !position) return;
    const body = {
      id,
      ...position,
      ...(draft.redshift && { redshift: Number(draft.redshift) }),
      ...(draft.group && { group_ids: [Number(draft.group)] }),
    };
    await ask("POST", "/api/sources", { body });
    setDraft(EMPTY);
    forgetDraft();
    forget("sources/");
    route(to("sources", id));
  };
  return (
    <section class="panel" aria-labelledby="add-source">
      <h2 id="add-source">Add a source</h2>
      <Form look="" action="Save source" send={save} leave={["Close", onClose]}>
        <div class="fields">
          <Field label="Id" wrong={wrongId}>
            {(control) => (
              <input
                class="input"
                {...control}
                value={draft.id}
                onInput={(event) => setDraft({ ...draft, id: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Position" hint="Right ascension and declination, J2000" wrong={wrongPosition}>
            {(control) => (
              <input
                class="input"
                {...control}
                value={draft.position}
                onInput={(event) => setDraft({ ...draft, position: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Redshift" hint="if known">
            {(control) => (
              <input
                class="input"
                type="number"
                step="any"
                {...control}
                value={draft.redshift}
                onInput={(event) => setDraft({ ...draft, redshift: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Save to group">
            {(control) => (
              <select
                class="input"
                {...control}
                value={draft.group}
                onChange={(event) => setDraft({ ...draft, group: event.currentTarget.value })}
              >
                <option value="">All of mine</option>
                {(session.value?.groups ?? []).map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      </Form>
    </section>
  );
}
