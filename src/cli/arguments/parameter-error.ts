/** A value that cannot be read. The message names the option as it is typed. */
export class ParameterError extends Error {
  constructor(option: string, problem: string) {
    super(`Error parsing parameter '${option}': ${problem}`)
  }
}
