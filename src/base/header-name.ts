/** Whether a text is what HTTP calls a token (RFC 9110, section 5.6.2), as names of headers are. */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)
}
