/** Lines that are looked for in spectra of transients, by element: rest wavelengths in air, in Angstrom (NIST ASD). */

export interface Element {
  name: string;
  colour: { light: string; dark: string };
  wavelengths: readonly number[];
}

export const ELEMENTS: readonly Element[] = [
  { name: "H", colour: { light: "#c0392b", dark: "#ff8a80" }, wavelengths: [3970.1, 4101.7, 4340.5, 4861.3, 6562.8] },
  { name: "He I", colour: { light: "#1f6f8b", dark: "#6fd0f0" }, wavelengths: [3888.6, 4471.5, 5015.7, 5875.6, 6678.2, 7065.2] },
  { name: "He II", colour: { light: "#2f5fbf", dark: "#8ab4ff" }, wavelengths: [3203.1, 4685.7, 5411.5, 6560.1] },
  { name: "C II", colour: { light: "#6b5b00", dark: "#e0cf6b" }, wavelengths: [3919.0, 4267.0, 6580.0, 7234.0] },
  { name: "C III", colour: { light: "#7a4b00", dark: "#f0b46b" }, wavelengths: [4647.4, 5695.9] },
  { name: "O I", colour: { light: "#00695c", dark: "#64d8c6" }, wavelengths: [6158.0, 7774.0, 8446.4] },
  { name: "[O III]", colour: { light: "#00796b", dark: "#80e0d0" }, wavelengths: [4363.2, 4958.9, 5006.8] },
  { name: "Na I", colour: { light: "#a05a00", dark: "#ffc06b" }, wavelengths: [5890.0, 5895.9] },
  { name: "Mg II", colour: { light: "#4a7d00", dark: "#b0e060" }, wavelengths: [2795.5, 2802.7, 4481.2, 7896.4] },
  { name: "Si II", colour: { light: "#8e24aa", dark: "#e09cff" }, wavelengths: [3856.0, 4130.9, 5041.0, 5056.0, 5972.0, 6355.0] },
  { name: "S II", colour: { light: "#9c2a6b", dark: "#ff9cd0" }, wavelengths: [5433.0, 5454.0, 5606.0, 5640.0] },
  { name: "Ca II", colour: { light: "#5d4037", dark: "#d0a898" }, wavelengths: [3933.7, 3968.5, 8498.0, 8542.1, 8662.1] },
  { name: "Fe II", colour: { light: "#455a64", dark: "#a8c0cc" }, wavelengths: [4924.0, 5018.4, 5169.0] },
  { name: "Tellurics", colour: { light: "#757575", dark: "#9e9e9e" }, wavelengths: [6867.2, 7593.7] },
];

/** Made in our own atmosphere, whatever the redshift. */
export const TELLURIC = "Tellurics";
