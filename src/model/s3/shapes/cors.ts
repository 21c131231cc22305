/** What pages of other origins may be let do. */
export const CORS_METHODS = ['DELETE', 'GET', 'HEAD', 'POST', 'PUT'] as const

/** The most characters that the id of a CORS rule has. */
export const CORS_ID_LENGTH_MAX = 255

/** The most bytes that all CORS rules of a bucket have together. */
export const CORS_BYTES_MAX = 64 * 1024
