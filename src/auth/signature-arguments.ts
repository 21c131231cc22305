/** The arguments that make up the signature of a URL presigned by version 4, and that such a URL must have. */
export const SIGNATURE_ARGUMENTS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
] as const

/** Comes with temporary credentials. */
export const TOKEN_ARGUMENT = 'X-Amz-Security-Token'

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  [...SIGNATURE_ARGUMENTS, TOKEN_ARGUMENT].map((name) => [name.toLowerCase(), name]),
)

/** How an argument of a signature is written, by its lower-case name; undefined: it is none, and stands for a header. */
export function spellingOf(lowerCaseName: string): string | undefined {
  return SPELLINGS.get(lowerCaseName)
}
