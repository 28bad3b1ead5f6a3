import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { apiUrl } from "../../api/base";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";
import { Skeleton } from "../../parts/Skeleton";
import type { Analysis } from "./AnalysisPage";
import { Picture } from "./Picture";
import type { Product } from "./products";

interface Properties {
  run: Analysis;
  products: Product[];
}

/** The plots as the service sent them. */
export function Plots({ run, products }: Properties): JSX.Element {
  const [opened, setOpened] = useState<Product | null>(null);
  const title = (product: Product): string => `Plot ${(product.number ?? 0) + 1} of ${products.length}, ${run.obj_id}`;
  return (
    <section class="panel" aria-labelledby="plots">
      <h2 id="plots">Plots</h2>
      <div class="plots">
        {products.map((product) => (
          <figure key={product.url} class="stack">
            {product.state === "waiting" && <Skeleton tall label="The plot is being read" />}
            {product.state === "failed" && <ProblemNote problem={new Error(product.problem ?? "This plot could not be read.")} />}
            {product.state === "ready" &&
              (product.media_type?.startsWith("image/") ?? true ? (
                <Picture path={product.url} alt={title(product)} onOpen={() => setOpened(product)} />
              ) : (
                <a class="button" href={apiUrl(product.url)} target="_blank" rel="noreferrer">
                  Open {title(product)} ({product.media_type})
                </a>
              ))}
          </figure>
        ))}
      </div>
      {opened && (
        <Dialog title={title(opened)} onClose={() => setOpened(null)} large>
          <Picture path={opened.url} alt={title(opened)} />
        </Dialog>
      )}
    </section>
  );
}
