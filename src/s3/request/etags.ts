import { invalidArgument } from './read-input.ts'

/** More ETags than any client compares with. */
const ETAGS_MAX = 64

/** Reads If-Match or If-None-Match: unquoted ETags, or `*`. Weak ones compare as strong ones, as S3 has no weak ETags. */
export function parseEtags(text: string | undefined, name: string): readonly string[] | undefined {
  if (text === undefined) return undefined
  const etags = text.split(',', ETAGS_MAX + 1).map(unquoteEtag)
  if (etags.length > ETAGS_MAX) throw invalidArgument(name, text)
  return etags
}

/** `"abc"`, `W/"abc"` and `abc` all give `abc`. */
export function unquoteEtag(text: string): string {
  const trimmed = text.trim()
  const strong = trimmed.startsWith('W/') ? trimmed.slice(2) : trimmed
  return strong.length >= 2 && strong.startsWith('"') && strong.endsWith('"') ? strong.slice(1, -1) : strong
}

/** As it travels. */
export const quoteEtag = (etag: string): string => `"${etag}"`
