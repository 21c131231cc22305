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
