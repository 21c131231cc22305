/** What the language throws when a program is wrong. */
const CLASSES = [TypeError, RangeError, ReferenceError, SyntaxError, URIError, EvalError]

/** Codes of such errors with which Node refuses the text of a value, which may be as it was typed. */
const CODES_OF_VALUES = [
  'ERR_INVALID_URL',
  'ERR_INVALID_ARG_VALUE',
  'ERR_INVALID_CHAR',
  'ERR_UNESCAPED_CHARACTERS',
]

/** Whether an error says that this program is wrong, rather than what was typed, what is around it, or what a server said. */
export const isFault = (error: unknown): boolean =>
  !(error instanceof Error) ||
  (CLASSES.some((each) => error instanceof each) &&
    !('code' in error && CODES_OF_VALUES.includes(String(error.code))))
