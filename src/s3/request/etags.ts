import { listedEtags } from '../../base/etags.ts'
import { invalidArgument } from './argument-errors.ts'

/** More ETags than any client compares with. */
const ETAGS_MAX = 64

/** Reads If-Match or If-None-Match: unquoted ETags, or `*`. Weak ones compare as strong ones, as S3 has no weak ETags. */
export function parseEtags(text: string | undefined, name: string): readonly string[] | undefined {
  if (text === undefined) return undefined
  const etags = listedEtags(text, ETAGS_MAX + 1)
  if (etags.length > ETAGS_MAX) throw invalidArgument(name, text)
  return etags
}

/** As it travels. */
export const quoteEtag = (etag: string): string => `"${etag}"`
