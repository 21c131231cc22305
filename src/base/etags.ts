/** `"abc"`, `W/"abc"` and `abc` all give `abc`: S3 has no weak ETags. */
export function unquoteEtag(text: string): string {
  const trimmed = text.trim()
  const strong = trimmed.startsWith('W/') ? trimmed.slice(2) : trimmed
  return strong.length >= 2 && strong.startsWith('"') && strong.endsWith('"') ? strong.slice(1, -1) : strong
}

/** The ETags of an If-Match or If-None-Match header, unquoted; `*` among them is any. `max`: no more are given. */
export const listedEtags = (text: string, max?: number): string[] => text.split(',', max).map(unquoteEtag)
