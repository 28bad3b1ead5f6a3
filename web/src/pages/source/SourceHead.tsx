import type { JSX } from "preact";
import { to } from "../../api/base";
import { degreesOf, hoursOf } from "../../sky/coordinates";
import { fixed, significant, withError } from "../../sky/numbers";
import type { Source } from "./queries";

const MOST_NEARBY = 5;

/** Name, place, redshift and class: what one looks for first. */
export function SourceHead({ source }: { source: Source }): JSX.Element {
  const { ra, dec } = source;
  return (
    <header class="source-head">
      <div class="row">
        <h1>{source.id}</h1>
        {likeliest(source).map(({ id, classification, probability }) => (
          <span key={id} class="chip class-chip" title="Classification">
            {classification}
            {probability !== null && probability < 1 && <span class="muted"> {significant(probability, 2)}</span>}
          </span>
        ))}
      </div>
      <dl class="key-facts">
        <Fact name="RA, Dec">
          <span class="mono">
            {hoursOf(ra)} {degreesOf(dec)}
          </span>
          <span class="muted mono degrees">
            {fixed(ra, 5)}° {fixed(dec, 5)}°
          </span>
        </Fact>
        <Fact name="Redshift">
          {source.redshift === null ? <span class="muted">unknown</span> : withError(source.redshift, source.redshift_error)}
          {source.redshift_origin && <span class="muted"> {source.redshift_origin}</span>}
        </Fact>
        {source.dm !== null && (
          <Fact name="Distance modulus">
            {fixed(source.dm, 2)} mag <span class="muted">({significant(source.luminosity_distance, 4)} Mpc)</span>
          </Fact>
        )}
        {source.ebv != null && <Fact name="E(B−V)">{fixed(source.ebv, 3)} mag</Fact>}
        <Fact name="Galactic l, b">
          {fixed(source.gal_lon, 2)}° {fixed(source.gal_lat, 2)}°
        </Fact>
        <Fact name="Groups">{source.groups.map(({ name }) => name).join(", ") || "–"}</Fact>
        <Fact name="Elsewhere">
          <span class="links">
            <Elsewhere name="Aladin" href={`https://aladin.cds.unistra.fr/AladinLite/?target=${ra}%20${dec}&fov=0.08`} />
            <Elsewhere
              name="SIMBAD"
              href={`https://simbad.cds.unistra.fr/simbad/sim-coo?Coord=${ra}%20${dec}&Radius=10&Radius.unit=arcsec`}
            />
            <Elsewhere name="TNS" href={`https://www.wis-tns.org/search?ra=${ra}&decl=${dec}&radius=5&coords_unit=arcsec`} />
          </span>
        </Fact>
        {source.duplicates?.length ? (
          <Fact name="Nearby">
            {source.duplicates.slice(0, MOST_NEARBY).map(({ obj_id, separation }) => (
              <span key={obj_id}>
                <a href={to("sources", obj_id)}>{obj_id}</a> <span class="muted">{fixed(separation, 1)}″ </span>
              </span>
            ))}
          </Fact>
        ) : null}
      </dl>
    </header>
  );
}

function Fact({
  name,
  children,
}: {
  name: string;
  children: JSX.Element | (JSX.Element | string | false | null)[] | string | undefined;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const Elsewhere = ({ name, href }: { name: string; href: string }): JSX.Element => (
  <a href={href} target="_blank" rel="noreferrer">
    {name}
  </a>
);

/** Each class once, the newest of it; the likeliest first. */
function likeliest({ classifications }: Source): Source["classifications"] {
  const newest = new Map(classifications.map((one) => [one.classification, one]));
  return [...newest.values()].sort((a, b) => (b.probability ?? 1) - (a.probability ?? 1)).slice(0, 4);
}
