import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { activeContentHeaders } from './active-content.ts'

const names = (
  contentType: string | undefined,
  isPathStyle = true,
  pathStylePages: 'sandbox' | 'trusted' = 'sandbox',
): string[] =>
  activeContentHeaders(contentType, { isPathStyle }, { pathStylePages }).filter((_, at) => at % 2 === 0)

const ACTIVE = [
  'text/html',
  'TEXT/HTML; charset=utf-8',
  'text/html;',
  'image/svg+xml',
  'application/xhtml+xml',
  'text/xml',
  'application/xml ; a=b',
  'application/atom+xml',
  'multipart/x-mixed-replace; boundary=x',
  'text/plain, text/html',
  'text/plain; a=b, text/html',
  'html',
  '',
  ' text/html',
  '*/*',
  'unknown/unknown',
]
const PASSIVE = [
  undefined,
  'binary/octet-stream',
  'application/octet-stream',
  'image/png',
  'text/plain; charset=utf-8',
  'text/css',
  'text/javascript',
  'application/json',
  'application/pdf',
  'video/mp4',
]

describe('activeContentHeaders', () => {
  it('guards and sandboxes what a browser makes a page of, or may take for one', () => {
    for (const type of ACTIVE)
      assert.deepEqual(names(type), ['X-Content-Type-Options', 'Content-Security-Policy'], type)
  })

  it('leaves all other types as they are', () => {
    for (const type of PASSIVE) assert.deepEqual(names(type), [], type)
  })

  it('guards without a sandbox where the bucket has a host of its own, or the setting trusts its pages', () => {
    assert.deepEqual(names('text/html', false), ['X-Content-Type-Options'])
    assert.deepEqual(names('image/svg+xml', true, 'trusted'), ['X-Content-Type-Options'])
  })
})
