/** S3's bound for a page of any listing. */
const PAGE_ENTRIES_MAX = 1000

/** How many entries a page has that asks for `wanted`; undefined: as many as there can be. */
export const pageEntries = (wanted: number | undefined): number =>
  Math.min(wanted ?? PAGE_ENTRIES_MAX, PAGE_ENTRIES_MAX)

/** The part of a listing that all of them have, under the names it has in inputs. */
interface ListingInput {
  readonly Prefix?: string | undefined
  readonly Delimiter?: string | undefined
}

/** Which keys a listing is about. */
export const listedKeys = ({ Prefix, Delimiter }: ListingInput) => ({
  ...(Prefix !== undefined && { prefix: Prefix }),
  ...(Delimiter !== undefined && { delimiter: Delimiter }),
})
