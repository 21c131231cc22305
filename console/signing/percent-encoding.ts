/** Percent-encoding as signatures have it (RFC 3986's unreserved characters stay). */
export const encodeValue = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The same for the path of a key of objects: its slashes stay. */
export const encodePath = (path: string): string => path.split('/').map(encodeValue).join('/')

/** A query in the order in which it is signed. */
export const encodeQuery = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`)
    .sort()
    .join('&')
