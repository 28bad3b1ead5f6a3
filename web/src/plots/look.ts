/** Colours and lettering of plots, in the two themes. */

export interface Look {
  dark: boolean;
  text: string;
  grid: string;
}

const FONT = "system-ui, sans-serif";

export const LIGHT: Look = { dark: false, text: "#3d444d", grid: "#d9dee4" };
export const DARK: Look = { dark: true, text: "#c3cad3", grid: "#343b44" };

export function layoutOf(look: Look, layout: Record<string, unknown>): Record<string, unknown> {
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: FONT, size: 12, color: look.text },
    margin: { l: 56, r: 12, t: 8, b: 44 },
    hovermode: "closest",
    hoverlabel: {
      bgcolor: look.dark ? "#20262d" : "#ffffff",
      bordercolor: look.grid,
      font: { family: FONT, size: 12, color: look.dark ? "#e6eaf0" : "#1f2328" },
      align: "left",
    },
    dragmode: "zoom",
    autosize: true,
    showlegend: false,
    ...layout,
  };
}

export function axisOf(look: Look, title: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    title: { text: title, standoff: 10 },
    gridcolor: look.grid,
    linecolor: look.grid,
    zeroline: false,
    zerolinecolor: look.text,
    ticks: "outside",
    tickcolor: look.grid,
    automargin: true,
    ...more,
  };
}
