import { isUtf8 } from 'node:buffer'
import { isAscii, isHeaderText } from '../base/header-characters.ts'

/** The text behind a header as node:http gives it, one character for each byte: UTF-8 where the bytes are, else Latin-1. */
function headerToText(header: string): string {
  if (isAscii(header)) return header
  const bytes = Buffer.from(header, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : header
}

/** A header that is nothing but encoded words (RFC 2047), one or several. */
const ENCODED_WORDS = /^=\?utf-8\?[bq]\?[^?]*\?=(?:[ \t]+=\?utf-8\?[bq]\?[^?]*\?=)*$/i
const ENCODED_WORD = /=\?utf-8\?([bq])\?([^?]*)\?=/gi

/**
 * The text of metadata that came as a header: of encoded words what they say, as S3 stores it, else as {@link headerToText}. Words that are none, or say
 * what no header can hold, are a text like any other.
 */
export function metadataOfHeader(header: string): string {
  if (!ENCODED_WORDS.test(header)) return headerToText(header)
  const pieces: Buffer[] = []
  for (const [, encoding = '', text = ''] of header.matchAll(ENCODED_WORD)) {
    const bytes = encoding.toLowerCase() === 'b' ? base64Bytes(text) : quotedBytes(text)
    if (bytes === null) return header
    pieces.push(bytes)
  }
  const bytes = Buffer.concat(pieces)
  const text = bytes.toString('utf8')
  return isUtf8(bytes) && isHeaderText(bytes.toString('latin1')) ? text : header
}

function base64Bytes(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

function quotedBytes(text: string): Buffer | null {
  if (/=(?![0-9a-f]{2})|[^\x21-\x7e]/i.test(text)) return null
  const plain = text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return Buffer.from(plain, 'latin1')
}

/** A text as a header can carry it: plainly in ASCII, else as one encoded word (RFC 2047), as S3 tells metadata. */
export function textToHeader(text: string): string {
  return isAscii(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
}
