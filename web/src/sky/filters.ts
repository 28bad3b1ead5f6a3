/** Filters by their wavelength, which orders the legend and gives the colour. */

/** Effective wavelengths in nanometres, by the names that sncosmo gives to bands; rounded, for order and colour alone. */
const BY_SYSTEM: Record<string, Record<string, number>> = {
  bessell: { ux: 365, b: 440, v: 547, r: 648, i: 800 },
  "standard::": { u: 365, b: 440, v: 547, r: 648, i: 800 },
  sdss: { u: 356, g: 470, r: 618, i: 750, z: 896 },
  des: { u: 387, g: 484, r: 644, i: 783, z: 926, y: 1008 },
  ztf: { g: 481, r: 644, i: 793, "::g": 481, "::r": 644, "::i": 793 },
  atlas: { c: 541, o: 684 },
  lsst: { u: 370, g: 482, r: 622, i: 757, z: 869, y: 972 },
  "ps1::": { open: 603, g: 487, r: 622, i: 755, z: 868, y: 963, w: 608 },
  "uvot::": { b: 435, u: 350, uvm2: 225, uvw1: 268, uvw2: 208, v: 543, white: 347 },
  "galex::": { fuv: 154, nuv: 231 },
  "2mass": { j: 1240, h: 1650, ks: 2160 },
  "gaia::": { gbp: 511, g: 622, grp: 777, grvs: 860 },
  goto: { b: 455, g: 530, l: 550, r: 640 },
  skymapper: { u: 350, v: 384, g: 510, r: 617, i: 779, z: 916 },
  csp: {
    b: 440,
    v3009: 541,
    v3014: 541,
    v9844: 541,
    g: 475,
    r: 617,
    i: 760,
    u: 368,
    ys: 1030,
    yd: 1030,
    js: 1245,
    jd: 1245,
    hs: 1625,
    hd: 1625,
    k: 2150,
  },
  hsc: { "::g": 480, "::r": 620, "::r2": 620, "::i": 770, "::i2": 770, "::z": 890, "::y": 980 },
  "": { kepler: 640, tess: 790, ultrasat: 255, euclidvis: 715, euclidy: 1085, euclidj: 1375, euclidh: 1775 },
};
const LETTERS: Record<string, number> = {
  u: 360,
  b: 440,
  g: 480,
  v: 550,
  r: 630,
  i: 770,
  z: 890,
  y: 1000,
  j: 1240,
  h: 1650,
  k: 2160,
  w: 600,
  c: 541,
  o: 684,
  l: 550,
};

/** Named by nanometres; the other filters of Hubble, and those of Webb and Roman, by tens of them. */
const HUBBLE_OPTICAL = new Set(
  "218w 225w 275w 300x 336w 350lp 390w 435w 438w 475w 555w 606w 625w 689m 763m 775w 814w 845m 850lp".split(" "),
);

/** Nanometres; from the last letter where the system is not known, null where that says nothing either. */
export function wavelengthOf(filter: string): number | null {
  const name = filter.toLowerCase();
  for (const [system, bands] of Object.entries(BY_SYSTEM)) {
    const known = name.startsWith(system) ? bands[name.slice(system.length)] : undefined;
    if (known !== undefined) return known;
  }
  const space = /^(?:uv|nic)?f(\d{3,4}[a-z]*)$/.exec(name)?.[1];
  if (space !== undefined) return Number.parseInt(space, 10) * (HUBBLE_OPTICAL.has(space) ? 1 : 10);
  return (
    LETTERS[
      name
        .replace(/s$/, "")
        .replace(/[^a-z]/g, "")
        .slice(-1)
    ] ?? null
  );
}

/** Short wavelengths first, what is not known last, then by name. */
export function byWavelength(filters: Iterable<string>): string[] {
  const at = (filter: string) => wavelengthOf(filter) ?? Number.POSITIVE_INFINITY;
  return [...filters].sort((a, b) => at(a) - at(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** Hues at wavelengths: as the eye would have it where it sees, and on through it where it does not. */
const HUES: readonly (readonly [number, number])[] = [
  [150, 320],
  [300, 285],
  [360, 265],
  [440, 222],
  [481, 168],
  [541, 110],
  [600, 8],
  [650, 358],
  [684, 24],
  [800, 44],
  [890, 340],
  [1000, 318],
  [2200, 300],
];

/** A colour with enough contrast on the theme's background. */
export function colourOf(filter: string, dark: boolean): string {
  const wavelength = wavelengthOf(filter);
  if (wavelength === null) return dark ? "#a3adba" : "#59636e";
  return `hsl(${Math.round(hueAt(wavelength))} ${dark ? "72% 66%" : "78% 36%"})`;
}

function hueAt(wavelength: number): number {
  const after = HUES.findIndex(([at]) => at >= wavelength);
  const right = HUES[after === -1 ? HUES.length - 1 : after];
  const left = HUES[Math.max(0, (after === -1 ? HUES.length : after) - 1)];
  if (!left || !right || left === right) return right?.[1] ?? 0;
  let turn = right[1] - left[1];
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  return (left[1] + (turn * (wavelength - left[0])) / (right[0] - left[0]) + 360) % 360;
}
