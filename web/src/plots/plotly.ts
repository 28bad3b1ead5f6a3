/** Plotly's basic bundle: loaded by the first page that plots, under a policy without inline styles. */

import styles from "./plotly.css?url&no-inline";

export type Trace = Record<string, unknown>;

export interface Figure {
  data: Trace[];
  layout: Record<string, unknown>;
}

/** What Plotly makes of an element. */
export interface PlotElement extends HTMLElement {
  on(event: string, listener: (event: never) => unknown): void;
}

export interface Plotly {
  react(element: HTMLElement, data: Trace[], layout: object, config: object): Promise<PlotElement>;
  purge(element: HTMLElement): void;
  toImage(element: HTMLElement, options: object): Promise<string>;
}

let loading: Promise<Plotly> | undefined;

/** Loads it once; a failure is not remembered, so that "try again" can succeed. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Plotly> {
  useOwnStyles();
  const bundle = await import("plotly.js-basic-dist-min");
  return bundle.default;
}

/** Plotly writes its rules into a style element, which the policy forbids, unless it finds this link. */
function useOwnStyles(): void {
  if (document.getElementById("plotly.js-style-global")) return;
  const link = document.createElement("link");
  link.id = "plotly.js-style-global";
  link.className = "no-inline-styles";
  link.rel = "stylesheet";
  link.href = styles;
  document.head.append(link);
}
