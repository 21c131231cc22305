/** Names of headers, in the case that they come in, joined by `;`. */
const HEADER_NAMES = /^[A-Za-z0-9!#$%&'*+.^_`|~;-]+$/

/** Whether a text can be a list of signed headers. Anything else could stand for other lines of what is signed. */
export function areHeaderNames(text: string): boolean {
  return HEADER_NAMES.test(text)
}
