/** What HTTP has no place for in a value: line ends and other control characters, and what is no byte. */
const NOT_HEADER_TEXT = /[^\t\x20-\x7e\x80-\xff]/
const NOT_ASCII = /[^\x00-\x7f]/

/** Whether a text of one character for each byte can be the value of a header. */
export function isHeaderText(text: string): boolean {
  return !NOT_HEADER_TEXT.test(text)
}

/** Whether each character of a text is one of ASCII, which is the same in every encoding of a header. */
export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text)
}
