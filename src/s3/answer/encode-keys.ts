/** Writes keys of a listing as the request wants them: `encoding-type=url` makes them safe for XML whatever bytes they hold. */
export function keyEncoder(encodingType: 'url' | undefined): (key: string) => string {
  return encodingType === 'url' ? encodeKey : (key) => key
}

/** All but unreserved characters and `/`, each byte as `%XX`. */
function encodeKey(key: string): string {
  if (PLAIN.test(key)) return key
  return encodeURIComponent(key).replace(UNRESERVED_BUT_NOT_HERE, (character) =>
    character === '%2F' ? '/' : `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const PLAIN = /^[A-Za-z0-9_.~/-]*$/
const UNRESERVED_BUT_NOT_HERE = /%2F|[!'()]/g
