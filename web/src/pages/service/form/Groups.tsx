import type { JSX } from "preact";
import { session } from "../../../api/session";
import { Checks } from "../../../parts/controls";

/** Who may use the service: none chosen means all of one's own groups. */
export function Groups({ chosen, choose }: { chosen: number[]; choose: (ids: number[]) => void }): JSX.Element | null {
  const groups = session.value?.groups ?? [];
  if (groups.length === 0) return null;
  const legend = (
    <>
      Groups <span class="hint">all of yours if none is chosen</span>
    </>
  );
  return <Checks legend={legend} options={groups.map(({ id, name }) => [id, name])} chosen={chosen} choose={choose} />;
}
