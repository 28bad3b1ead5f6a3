import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ProblemNote } from "../parts/Problem";
import { Skeleton } from "../parts/Skeleton";
import { isPrinted } from "../theme/theme";
import { type Figure, loadPlotly, type PlotElement } from "./plotly";
import "./plot.css";

export interface Size {
  width: number;
  height: number;
}

/** The ends of axes after somebody dragged over a plot, as Plotly says them: `xaxis.range[0]` and so on. */
export type Zoom = Record<string, number | string | boolean>;

interface Properties {
  /** Says what the plot shows to those who do not see it. */
  label: string;
  height: number;
  /** Makes the figure for the room there is; the same function draws nothing anew. */
  figure: (size: Size) => Figure;
  onZoom?: (zoom: Zoom) => void;
  onReset?: () => void;
  onPoint?: (point: { x: number | string; y: number; curve: string; index: number }) => void;
  /** Gets the element, for what turns it into a picture. */
  handle?: (element: HTMLElement | null) => void;
}

interface Clicked {
  points: { x: number | string; y: number; pointIndex: number; data: { name: string } }[];
}

/** What fits on A4 and on Letter, between the margins of every browser. */
const PAPER_PX = 640;

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

/** A figure drawn by Plotly, which is loaded when the first one is shown. */
export function Plot(properties: Properties): JSX.Element {
  const { label, height, figure } = properties;
  const element = useRef<HTMLDivElement>(null);
  const heard = useRef(properties);
  heard.current = properties;
  const [measured, setMeasured] = useState(0);
  const width = measured > 0 && isPrinted.value ? PAPER_PX : measured;
  const [drawn, setDrawn] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setMeasured(Math.floor(entry?.contentRect.width ?? 0)));
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);

  // not after the next frame: a page that is printed gets none before
  useLayoutEffect(() => {
    const place = element.current;
    if (!place || width === 0) return undefined;
    let left = false;
    const draw = async () => {
      const plotly = await loadPlotly();
      if (left) return;
      const { data, layout } = figure({ width, height });
      const touch = matchMedia("(pointer: coarse)").matches; // a finger scrolls the page
      const plot = await plotly.react(place, data, { ...layout, width, height, ...(touch && { dragmode: false }) }, CONFIG);
      listen(plot, heard);
      setDrawn(true);
      setProblem(null);
      heard.current.handle?.(plot);
    };
    draw().catch((thrown: unknown) => !left && setProblem(thrown));
    return () => {
      left = true;
    };
  }, [figure, width, height, attempt]);

  useEffect(() => {
    const place = element.current;
    return () => {
      heard.current.handle?.(null);
      void loadPlotly().then(
        (plotly) => place && plotly.purge(place),
        () => undefined,
      );
    };
  }, []);

  return (
    <div class={drawn ? "plot" : "plot waiting"}>
      <ProblemNote problem={problem} again={() => setAttempt(attempt + 1)} />
      {!drawn && !problem && <Skeleton lines={6} label={`Loading ${label}`} />}
      <div ref={element} role="img" aria-label={label} class="plot-area" />
    </div>
  );
}

const listening = new WeakSet<HTMLElement>();

function listen(plot: PlotElement, heard: { current: Properties }): void {
  if (listening.has(plot)) return;
  listening.add(plot);
  plot.on("plotly_relayout", (zoom: Zoom) => heard.current.onZoom?.(zoom));
  plot.on("plotly_doubleclick", () => heard.current.onReset?.());
  plot.on("plotly_click", ({ points: [point] }: Clicked) => {
    if (point) heard.current.onPoint?.({ x: point.x, y: point.y, curve: point.data.name, index: point.pointIndex });
  });
}
