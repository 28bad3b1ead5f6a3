/** A plot as a PNG file on a white ground, twice as fine as on the screen. */

import { loadPlotly } from "./plotly";
import { save } from "../parts/save";

export async function savePicture(element: HTMLElement, name: string): Promise<void> {
  const plotly = await loadPlotly();
  const { clientWidth: width, clientHeight: height } = element;
  const url = await plotly.toImage(element, { format: "png", width, height, scale: 2 });
  save(url, `${name}.png`);
}
