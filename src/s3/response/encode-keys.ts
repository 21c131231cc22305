/** Writes keys of a listing as the request wants them: `encoding-type=url` makes them safe for XML whatever bytes they hold. */
export function keyEncoder(encodingType: 'url' | undefined): (key: string) => string {
  return encodingType === 'url' ? encodeKey : (key) => key
}

/**
 * The prefix of a listing of version 1: encoded only where it holds what XML cannot, since botocore decodes every element of that
 * version but this one.
 */
export function shownPrefix(prefix: string, encodingType: 'url' | undefined): string {
  return encodingType === 'url' && UNFIT_FOR_XML.test(prefix) ? encodeKey(prefix) : prefix
}

const UNFIT_FOR_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** All but unreserved characters and `/`, each byte as `%XX`. */
function encodeKey(key: string): string {
  if (PLAIN.test(key)) return key
  return encodeURIComponent(key).replace(UNRESERVED_BUT_NOT_HERE, (character) =>
    character === '%2F' ? '/' : `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const PLAIN = /^[A-Za-z0-9_.~/-]*$/
const UNRESERVED_BUT_NOT_HERE = /%2F|[!'()]/g
