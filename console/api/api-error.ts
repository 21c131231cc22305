/** Whatever went wrong between the console and the server, in one form. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** The API's name for it, `NoSuchBucket`; `Unreachable` when there was no response, `Unreadable` when it could not be understood. */
  readonly code: string
  /** Of the response; 0 when there was none. */
  readonly status: number
  /** What the server says one can do about it, where it says so. */
  readonly hint: string | null
  /** Names the request in the server's log. */
  readonly requestId: string | null

  constructor(
    code: string,
    message: string,
    {
      status = 0,
      hint = null,
      requestId = null,
    }: Partial<Pick<ApiError, 'status' | 'hint' | 'requestId'>> = {},
  ) {
    super(message)
    this.code = code
    this.status = status
    this.hint = hint
    this.requestId = requestId
  }

  /** Whether the key at hand may not do this. */
  get isDenied(): boolean {
    return this.code === 'AccessDenied' || this.code === 'AccessDeniedException'
  }

  /** Whether what was asked for is not there. */
  get isMissing(): boolean {
    return this.status === 404
  }
}

/** Whether something was given up on purpose: nobody needs to be told. */
export const isAborted = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError'

/** Whatever was thrown, as an error of an API. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('Unreadable', error instanceof Error ? error.message : String(error))
}
