import { parseRequestHead, type RequestHead } from '../../src/auth/request-head.ts'

interface RequestParts {
  readonly method?: string | undefined
  /** The request target; `/` when absent. */
  readonly url?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** A request as the server reads it. */
export function requestHead({ headers = {}, ...requestLine }: RequestParts): RequestHead {
  return parseRequestHead({ ...requestLine, rawHeaders: Object.entries(headers).flat() })
}
