import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Loaded } from "../../parts/Loaded";
import { isFinal } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";
import { Corner } from "./Corner";
import { Downloads } from "./Downloads";
import { Plots } from "./Plots";
import { type Product, useProducts } from "./products";
import { Results } from "./Results";

const LOOK_AGAIN = 2_000;

/** What the analysis brought; what is still being read or drawn appears by itself. */
export function Products({ run }: { run: Analysis }): JSX.Element {
  const asked = useProducts(run);
  const waiting = asked.data?.products.some((product) => product.state === "waiting") ?? false;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setInterval(() => void asked.again(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [waiting]);
  if (!isFinal(run.status)) {
    return (
      <section class="panel">
        <h2>Results</h2>
        <p class="empty">They appear here by themselves when the service has answered.</p>
      </section>
    );
  }
  return (
    <Loaded asked={asked} lines={6}>
      {({ products }) => {
        const of = (kind: Product["kind"]): Product[] => products.filter((product) => product.kind === kind);
        const [results, corner] = [of("results")[0], of("corner")[0]];
        return (
          <>
            {products.length === 0 && <Nothing run={run} />}
            {results && <Results run={run} product={results} />}
            {of("plot").length > 0 && <Plots run={run} products={of("plot")} />}
            {corner && <Corner run={run} product={corner} />}
            {products.length > 0 && <Downloads run={run} products={products} />}
          </>
        );
      }}
    </Loaded>
  );
}

function Nothing({ run }: { run: Analysis }): JSX.Element {
  return (
    <section class="panel">
      <h2>Results</h2>
      <p class="empty">
        {run.status === "completed" ? "The service sent no results, plots or posterior." : "There are none: the analysis did not complete."}
      </p>
    </section>
  );
}
