import type { ApiError } from '../api/api-error.ts'

const OVER = new Set(['SessionOver', 'ExpiredToken', 'ExpiredTokenException'])
const KEY_ENDED = new Set(['InvalidAccessKeyId', 'UnrecognizedClientException'])

/** Whether temporary credentials are over: the secret of the same key gives others. */
export const isSessionOver = ({ code }: ApiError): boolean => OVER.has(code)

/** Whether the key itself does not count any more. */
export const isKeyEnded = ({ code }: ApiError): boolean => KEY_ENDED.has(code)
