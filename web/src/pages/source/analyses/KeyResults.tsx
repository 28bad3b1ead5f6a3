import type { JSX } from "preact";
import { ask } from "../../../api/client";
import { words } from "../../../formats";
import { useAsked } from "../../../live/cache";
import type { Run } from "../queries";
import { keyResults } from "./key_results";

interface Products {
  products: { kind: string; state: string }[];
}

/** Results are asked for only where there are some. */
async function resultsOf(run: number): Promise<unknown> {
  const { products } = await ask<Products>("GET", `/api/obj/analysis/${run}/products`);
  const ready = products.some(({ kind, state }) => kind === "results" && state === "ready");
  return ready ? ask<unknown>("GET", `/api/obj/analysis/${run}/results`) : null;
}

/** The numbers of a completed run, or its message where there are none. */
export function KeyResults({ run }: { run: Run }): JSX.Element {
  const { data } = useAsked(
    `results/${run.id}`,
    () => resultsOf(run.id),
    (moved) => moved.id === run.id,
  );
  const found = keyResults(data);
  if (found.length === 0) return <span class="muted">{words(run.status_message)}</span>;
  return (
    <span class="quantities">
      {found.map(({ name, text }) => (
        <span key={name}>
          <span class="muted">{name}</span> {text}
        </span>
      ))}
    </span>
  );
}
