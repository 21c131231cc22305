import { isUtf8 } from 'node:buffer'

/** What HTTP has no place for in a value: line ends and other control characters, and what is no byte. */
const NOT_HEADER_TEXT = /[^\t\x20-\x7e\x80-\xff]/
const NOT_ASCII = /[^\x00-\x7f]/

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

/** A text as a header can carry it: plainly in ASCII, else as one encoded word (RFC 2047), as S3 tells metadata. */
export function textToHeader(text: string): string {
  return NOT_ASCII.test(text) ? `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=` : text
}
