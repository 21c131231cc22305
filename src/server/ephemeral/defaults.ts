/** One that Amazon's own documentation uses. */
export const ACCOUNT_ID_DEFAULT = '111122223333'
/** Bytes that records and objects may take together. */
export const MEMORY_BYTES_MAX = 1024 ** 3
/** Requests that are remembered. */
export const REQUESTS_MAX = 1_000
