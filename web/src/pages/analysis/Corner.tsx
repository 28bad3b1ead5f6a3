import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { apiUrl } from "../../api/base";
import { ProblemNote } from "../../parts/Problem";
import { Skeleton } from "../../parts/Skeleton";
import type { Analysis } from "./AnalysisPage";
import { CornerDialog } from "./CornerDialog";
import { Picture } from "./Picture";
import type { Product } from "./products";

interface Properties {
  run: Analysis;
  product: Product;
}

/** The posterior, two parameters at a time. */
export function Corner({ run, product }: Properties): JSX.Element {
  const [open, setOpen] = useState(false);
  const ready = product.state === "ready";
  return (
    <section class="panel" aria-labelledby="corner">
      <div class="panel-head">
        <h2 id="corner">Corner plot</h2>
        {ready && (
          <span class="row no-print">
            <button type="button" class="button" onClick={() => setOpen(true)}>
              Draw differently
            </button>
            <a class="button" href={apiUrl(product.url)} download>
              PNG
            </a>
          </span>
        )}
      </div>
      {product.state === "waiting" && (
        <>
          <p class="muted">It is being drawn.</p>
          <Skeleton tall label="The corner plot is being drawn" />
        </>
      )}
      {product.state === "failed" && <ProblemNote problem={new Error(product.problem ?? "The corner plot could not be drawn.")} />}
      {ready && <Picture path={product.url} alt={`Corner plot of ${run.obj_id}`} onOpen={() => setOpen(true)} />}
      {open && <CornerDialog run={run} path={product.url} onClose={() => setOpen(false)} />}
    </section>
  );
}
