import { isUtf8 } from 'node:buffer'

/** What HTTP has no place for in a value: line ends and other control characters, and what is no byte. */
const NOT_HEADER_TEXT = /[^\t\x20-\x7e\x80-\xff]/
const NOT_ASCII = /[^\x00-\x7f]/
const NOT_LATIN1 = /[^\x00-\xff]/

/** Whether a text of one character for each byte can be the value of a header. */
export function isHeaderText(text: string): boolean {
  return !NOT_HEADER_TEXT.test(text)
}

/** The text behind a header as node:http gives it, one character for each byte: UTF-8 where the bytes are, else Latin-1. */
export function headerToText(header: string): string {
  if (!NOT_ASCII.test(header)) return header
  const bytes = Buffer.from(header, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : header
}

/** A text as a header can carry it: plainly where Latin-1 has all its characters, else as an encoded word (RFC 2047), as S3 does. */
export function textToHeader(text: string): string {
  return NOT_LATIN1.test(text) ? `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=` : text
}
