/** How the columns of a file are understood as photometry. */

import { mjdOfDate } from "../sky/time";
import type { Row, Table } from "./table";

/** What a column can be; times other than MJD are converted. */
export const FIELDS = [
  "mjd",
  "jd",
  "date",
  "filter",
  "mag",
  "magerr",
  "limiting_mag",
  "flux",
  "fluxerr",
  "zp",
  "magsys",
  "instrument_id",
  "origin",
] as const;
export type Name = (typeof FIELDS)[number];

/** The column of each field that was found. */
export type Mapping = Partial<Record<Name, number>>;

const NAMES: Record<Name, RegExp> = {
  mjd: /^(obs|time)?mjd(obs)?$/,
  jd: /^(h|b|obs|time)?jd(tdb|obs)?$/,
  date: /^(date|datetime|time|utc|isot|dateobs|obsdate|observedat)$/,
  filter: /^(filter|filt|flt|band|passband|bandpass|fid|f)$/,
  mag: /^(mag|magnitude|abmag|magab|magpsf|m)$/,
  magerr: /^(magerr|emag|magerror|dmag|magunc|sigmamag|magsigma|sigmapsf|unc|uncert|err|error|merr|magnitudeerror)$/,
  limiting_mag: /^(limitingmag|limmag|maglim|maglimit|limit|diffmaglim|ul|upperlimit|mag5sig|lim)$/,
  flux: /^(flux|fluxujy|ujy|fnu|forcediffimflux|fluxmicrojy)$/,
  fluxerr: /^(fluxerr|eflux|fluxerror|dflux|fluxunc|dujy|sigmaflux|fluxerrujy|forcediffimfluxunc)$/,
  zp: /^(zp|zeropoint|zpt|zpdiff)$/,
  magsys: /^(magsys|magsystem|zpsys|system)$/,
  instrument_id: /^instrumentid$/,
  origin: /^(origin|source|survey)$/,
};

const NUMBERS: Name[] = ["mag", "magerr", "limiting_mag", "flux", "fluxerr", "zp"];
const MISSING = new Set(["", "nan", "null", "none", "--", "-", "n/a", "na", "masked"]);
const JD_MINUS_MJD = 2_400_000.5;

export interface Problem {
  line: number;
  column: string;
  text: string;
}

/** What `POST /api/photometry` takes, as columns, but for the object. */
export interface Understood {
  body: Record<string, unknown>;
  rows: number;
  problems: Problem[];
}

/** Finds the fields by the names of the columns; each column is one field at most. */
export function mappingOf(columns: readonly string[]): Mapping {
  const plain = columns.map((name) => name.toLowerCase().replace(/\(.*\)|[^a-z0-9]/g, ""));
  const pairs = FIELDS.map((field) => [field, plain.findIndex((name) => NAMES[field].test(name))] as const);
  return Object.fromEntries(pairs.filter(([, place]) => place >= 0));
}

/** Turns the rows into columns; rows that cannot be understood are named and left out. */
export function understood(table: Table, mapping: Mapping, fallback: { filter: string; instrument_id: number }): Understood {
  const problems: Problem[] = [];
  const inFlux = mapping.mag === undefined && mapping.flux !== undefined;
  const wanted = NUMBERS.filter(
    (name) => mapping[name] !== undefined && (inFlux ? name !== "magerr" : !["flux", "fluxerr", "zp"].includes(name)),
  );
  const made = table.rows.flatMap((row) => {
    const read = new Reader(row, table.columns, mapping);
    const values = {
      mjd: read.time(),
      filter: read.text("filter") ?? (fallback.filter || read.lacks("filter")),
      ...Object.fromEntries(wanted.map((name) => [name, read.number(name)])),
    };
    const more = {
      magsys: read.text("magsys")?.toLowerCase(),
      origin: read.text("origin"),
      instrument_id: mapping.instrument_id === undefined ? fallback.instrument_id : read.number("instrument_id"),
    };
    problems.push(...read.problems);
    return read.problems.length ? [] : [{ ...values, ...more } as Record<string, unknown>];
  });
  const column = (name: string) => made.map((row) => row[name] ?? null);
  const names = [
    "mjd",
    "filter",
    "instrument_id",
    ...wanted,
    ...(mapping.origin === undefined ? [] : ["origin"]),
    ...(mapping.magsys === undefined ? [] : ["magsys"]),
  ];
  const body = Object.fromEntries(names.map((name) => [name, column(name)]));
  const whole = { ...(inFlux && mapping.zp === undefined && { zp: 23.9 }), ...(mapping.magsys === undefined && { magsys: "ab" }) };
  return { body: { ...body, ...whole }, rows: made.length, problems };
}

class Reader {
  readonly problems: Problem[] = [];

  constructor(
    private readonly row: Row,
    private readonly columns: readonly string[],
    private readonly mapping: Mapping,
  ) {}

  text(name: Name): string | null {
    const place = this.mapping[name];
    const cell = place === undefined ? "" : (this.row.cells[place] ?? "").trim();
    return MISSING.has(cell.toLowerCase()) ? null : cell;
  }

  /** A limit may be written `>20.5`. */
  number(name: Name): number | null {
    const text = this.text(name);
    const value = text === null ? null : Number(text.replace(/^[<>]/, ""));
    return value !== null && Number.isNaN(value) ? this.wrong(name, `“${text}” is not a number`) : value;
  }

  time(): number | null {
    if (this.mapping.mjd !== undefined) return this.number("mjd") ?? this.lacks("mjd");
    if (this.mapping.jd !== undefined) {
      const jd = this.number("jd");
      return jd === null ? this.lacks("jd") : jd - JD_MINUS_MJD;
    }
    const text = this.text("date");
    const mjd = text === null ? Number.NaN : mjdOfDate(text);
    return Number.isNaN(mjd) ? this.wrong("date", text === null ? "There is no time" : `“${text}” is not a date`) : mjd;
  }

  lacks(name: Name): null {
    return this.problems.length ? null : this.wrong(name, `There is no ${name}`);
  }

  private wrong(name: Name, text: string): null {
    const place = this.mapping[name];
    this.problems.push({ line: this.row.line, column: place === undefined ? name : (this.columns[place] ?? name), text });
    return null;
  }
}
