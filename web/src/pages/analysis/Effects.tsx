import type { JSX } from "preact";
import { api, dataOf } from "../../api/client";
import { useAsked } from "../../live/cache";
import type { Analysis } from "./AnalysisPage";
import { isMine } from "./mine";

/** What the result says of its source: what was applied, and why the rest was not. */
export function Effects({ run }: { run: Analysis }): JSX.Element | null {
  const asked = useAsked(
    isMine(run) && run.status === "completed" ? `analysis/${run.id}/effects` : null,
    () => dataOf(api.GET("/api/obj/analysis/{analysis_id}/effects", { params: { path: { analysis_id: run.id } } })),
    (moved) => moved.id === run.id,
  );
  const effects = asked.data?.effects ?? [];
  if (effects.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="effects">
      <h2 id="effects">On the source</h2>
      <ul class="files">
        {effects.map((effect, place) => (
          <li key={place}>
            {effect.kind[0]?.toUpperCase() + effect.kind.slice(1)} {effect.name && <code>{effect.name}</code>}{" "}
            {effect.applied ? "was added." : <span class="not-applied">was not added: {effect.reason ?? "no reason is known"}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
