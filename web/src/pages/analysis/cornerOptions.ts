/** What a corner plot can be drawn with, as it stands in the form. Empty means corner's own default. */
export interface CornerOptions {
  bins: string;
  smooth: string;
  quantiles: string;
  color: string;
  var_names: string;
  title_fmt: string;
  fill_contours: boolean;
  plot_datapoints: boolean;
  show_titles: boolean;
}

export const DEFAULT_OPTIONS: CornerOptions = {
  bins: "",
  smooth: "",
  quantiles: "0.16, 0.5, 0.84",
  color: "",
  var_names: "",
  title_fmt: "",
  fill_contours: false,
  plot_datapoints: true,
  show_titles: true,
};

const parts = (text: string): string[] => text.split(",").flatMap((part) => part.trim() || []);

/** Returns corner's keyword arguments: only what differs from the defaults. */
export function plotKwargs(options: CornerOptions): Record<string, unknown> {
  const wanted: Record<string, unknown> = {
    bins: options.bins.trim() && Number(options.bins),
    smooth: options.smooth.trim() && Number(options.smooth),
    color: options.color.trim(),
    title_fmt: options.title_fmt.trim(),
    var_names: parts(options.var_names),
  };
  const kwargs = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== "" && (value as unknown[]).length !== 0));
  if (parts(options.quantiles).join() !== parts(DEFAULT_OPTIONS.quantiles).join()) kwargs["quantiles"] = parts(options.quantiles).map(Number);
  for (const name of ["fill_contours", "plot_datapoints", "show_titles"] as const) {
    if (options[name] !== DEFAULT_OPTIONS[name]) kwargs[name] = options[name];
  }
  return kwargs;
}
