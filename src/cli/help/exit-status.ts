/** What the exit codes of an operation's command mean; they are AWS CLI v1's. */
export const EXIT_STATUS: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'The call succeeded.'],
  ['1', 'A configuration file could not be read.'],
  ['2', 'The command line could not be understood.'],
  ['130', 'Ended by Ctrl-C.'],
  ['255', 'Anything else: wrong values or settings, no response, or an error from the service.'],
]
