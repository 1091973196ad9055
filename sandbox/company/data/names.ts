/** The invented names: every customer has a first word of its own, and a second that tells its industry. */

const HEADS =
  "Alder Bramble Cinder Dapple Ember Fennel Gossa Harrow Ingle Juniper Kestrel Larch Marrow Nettle Orrin Pepper Quill Rowan Saffer Thistle Umber Vesper Willow Yarrow Zephyr Birchen Clover Drover Elder Falcon Garnet Hazel Ivory Jasper Kettle Linden Maple Nimbel Osprey Pebble Quarro Raven Sable Tamber Ulver Velvet Wander Copper Heron Lumen Barley Candle Damsel Fable Glimmer Hollow Mallow Marten Otter Plover Tansy Saxon Bracken Cobble Dorran Fallow".split(
    " ",
  );
const TAILS =
  "wick forge mere holt vale crest brook fen garth moor rook spire loft thorn mill marsh ridge combe stead grove hythe quay drift beck wold shaw lund tarn keld dene wharf barrow croft glade hurst leigh mote nook pike reach scar toft well yard bourne bridge cairn dale ember fold gate hearth isle knoll lane march nest orchard perch quarry rise sound tide vane weir acre bay cove dell eave flint glen haven inlet keep latch mantle notch".split(
    " ",
  );

/** Industries, each with the second words of its companies. */
export const INDUSTRIES: Record<string, readonly string[]> = {
  Banking: ["Bank", "Capital", "Savings"],
  Insurance: ["Insurance", "Assurance", "Mutual"],
  Healthcare: ["Health", "Clinics", "Medical"],
  Manufacturing: ["Works", "Industries", "Tooling"],
  Retail: ["Stores", "Outfitters", "Market"],
  Logistics: ["Logistics", "Freight", "Shipping"],
  Media: ["Media", "Press", "Studios"],
  Education: ["Academy", "Learning", "College"],
  Energy: ["Energy", "Power", "Grid"],
  Hospitality: ["Hotels", "Kitchens", "Resorts"],
  Telecom: ["Telecom", "Networks", "Mobile"],
  "Public Sector": ["Council", "Transit", "Housing"],
};

/** Countries per region, and the account owners who sell there. */
export const REGIONS: Record<string, { countries: readonly string[]; owners: readonly string[] }> = {
  EMEA: {
    countries: ["United Kingdom", "Germany", "France", "Netherlands", "Sweden", "Spain", "Italy", "Poland"],
    owners: [
      "Maren Okafor",
      "Tobias Lindqvist",
      "Ines Carvalho",
      "Callum Ferris",
      "Zofia Brandt",
      "Amadou Leclerc",
    ],
  },
  AMER: {
    countries: ["United States", "Canada", "Brazil", "Mexico"],
    owners: [
      "Dana Whitlock",
      "Rafael Montoya",
      "Priscilla Vance",
      "Jerome Hadley",
      "Keisha Barlow",
      "Luca Ferrante",
    ],
  },
  APAC: {
    countries: ["Japan", "Australia", "Singapore", "India", "South Korea"],
    owners: ["Hana Morikawa", "Arjun Sethi", "Bronte Callahan", "Wei-Lin Tan", "Minjun Seo", "Kavya Raman"],
  },
};

/** `count` different first words, in an order that the seed decides. */
export function customerStems(count: number, seed: number): string[] {
  const all = HEADS.flatMap((head) => TAILS.map((tail) => head + tail));
  const step = 2_039;
  if (count > all.length) throw new RangeError(`only ${all.length} names`);
  return Array.from({ length: count }, (_, i) => all[(i * step + seed * 7) % all.length] ?? "");
}
