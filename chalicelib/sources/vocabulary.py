"""The words that SkyPortal's clients ask for before they post: what photometry and spectra may be called.

Filters and kinds of spectra are not limited to these: an instrument says which filters it has.
"""

from chalicelib.accounts.enumerations import declare
from chalicelib.sources.magnitudes import MAGNITUDE_SYSTEMS

_NAMES = """
    bessellux bessellb bessellv bessellr besselli
    standard::u standard::b standard::v standard::r standard::i
    desu desg desr desi desz desy sdssu sdssg sdssr sdssi sdssz
    f435w f475w f555w f606w f625w f775w f850lp nicf110w nicf160w
    f098m f105w f110w f125w f127m f139m f140w f153m f160w f218w f225w f275w f300x f336w f350lp f390w f689m f763m f845m
    f438w uvf475w uvf555w uvf606w uvf625w uvf775w uvf814w uvf850lp
    f070w f090w f115w f150w f200w f277w f356w f444w
    f140m f162m f182m f210m f250m f300m f335m f360m f410m f430m f460m f480m
    f560w f770w f1000w f1130w f1280w f1500w f1800w f2100w f2550w f1065c f1140c f1550c f2300c
    f062 f087 f106 f129 f158 f184 f213 f146 euclidvis euclidy euclidj euclidh
    kepler tess keplercam::us keplercam::b keplercam::v keplercam::r keplercam::i
    4shooter2::us 4shooter2::b 4shooter2::v 4shooter2::r 4shooter2::i
    cspb csphs csphd cspjs cspjd cspv3009 cspv3014 cspv9844 cspys cspyd cspg cspi cspk cspr cspu
    lsstu lsstg lsstr lssti lsstz lssty ztfg ztfr ztfi ztf::g ztf::r ztf::i atlasc atlaso
    ps1::open ps1::g ps1::r ps1::i ps1::z ps1::y ps1::w
    uvot::b uvot::u uvot::uvm2 uvot::uvw1 uvot::uvw2 uvot::v uvot::white galex::fuv galex::nuv ultrasat
    2massj 2massh 2massks gaia::gbp gaia::g gaia::grp gaia::grvs
    gotob gotog gotol gotor skymapperu skymapperg skymapperr skymapperi skymapperz
    megacam6::g megacam6::r megacam6::i megacam6::i2 megacam6::z
    megacampsf::u megacampsf::g megacampsf::r megacampsf::i megacampsf::z megacampsf::y
    hsc::g hsc::r hsc::r2 hsc::i hsc::i2 hsc::z hsc::y
"""

BANDPASSES = tuple(_NAMES.split())
"""As the sncosmo library, which SkyPortal and most services use, calls them."""

SPECTRUM_TYPES = ("source", "host", "host_center")

declare("ALLOWED_BANDPASSES", BANDPASSES)
declare("ALLOWED_MAGSYSTEMS", MAGNITUDE_SYSTEMS)
declare("ALLOWED_SPECTRUM_TYPES", SPECTRUM_TYPES)
for not_here in ("ALLOWED_API_CLASSNAMES", "FOLLOWUP_PRIORITIES", "THUMBNAIL_TYPES"):
    declare(not_here, ())
