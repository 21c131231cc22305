/**
 * An expected failure: an error without a stack. Nobody looks for a fault at the place of one, and to trace the stack costs more than the rest of
 * the response.
 */
export class UntracedError extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    Error.stackTraceLimit = stackTraceLimit
  }
}
