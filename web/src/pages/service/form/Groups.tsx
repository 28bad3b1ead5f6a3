import type { JSX } from "preact";
import { session } from "../../../api/session";
import { Check } from "./controls";

/** Who may use the service: none chosen means all of one's own groups. */
export function Groups({ chosen, choose }: { chosen: number[]; choose: (ids: number[]) => void }): JSX.Element | null {
  const groups = session.value?.groups ?? [];
  if (groups.length === 0) return null;
  return (
    <fieldset>
      <legend>
        Groups <span class="hint">all of yours if none is chosen</span>
      </legend>
      <div class="checks">
        {groups.map((group) => (
          <Check
            key={group.id}
            label={group.name}
            on={chosen.includes(group.id)}
            set={(on) => choose(on ? [...chosen, group.id] : chosen.filter((id) => id !== group.id))}
          />
        ))}
      </div>
    </fieldset>
  );
}
