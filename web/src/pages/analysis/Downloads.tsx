import type { JSX } from "preact";
import { apiUrl } from "../../api/base";
import { bytes } from "../../formats";
import type { Analysis } from "./AnalysisPage";
import type { Product } from "./products";

const NAMES = { results: "Results", plot: "Plot", corner: "Corner plot", inference_data: "Inference data (netCDF)", posterior: "Posterior samples" };

/** Everything as files. */
export function Downloads({ run, products }: { run: Analysis; products: Product[] }): JSX.Element {
  const files = products.filter((product) => product.kind === "inference_data" || product.kind === "posterior");
  return (
    <section class="panel no-print" aria-labelledby="files">
      <div class="panel-head">
        <h2 id="files">Files</h2>
        <a class="button" href={apiUrl(`/api/obj/analysis/${run.id}/archive`)} download>
          Everything as zip
        </a>
      </div>
      {files.length > 0 && (
        <ul class="files">
          {files.map((product) => (
            <li key={product.kind}>
              {product.state === "ready" ? (
                <a href={apiUrl(product.url) + (product.kind === "posterior" ? "?format=csv" : "")} download>
                  {NAMES[product.kind]}
                  {product.kind === "posterior" && " as CSV"}
                </a>
              ) : (
                NAMES[product.kind]
              )}{" "}
              <span class="muted">
                {product.state === "waiting" && "being read"}
                {product.state === "failed" && (product.problem ?? "could not be read")}
                {product.state === "ready" && product.bytes != null && bytes(product.bytes)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
