import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentTypeOf } from './content-type.ts'

describe('the content type of a name', () => {
  /** As the registry of media types has them. */
  const types: Readonly<Record<string, string>> = {
    'photo.JPG': 'image/jpeg',
    'a.b.jpeg': 'image/jpeg',
    'x/y.avif': 'image/avif',
    'icon.bmp': 'image/bmp',
    'style.css': 'text/css',
    'table.csv': 'text/csv',
    'a.gif': 'image/gif',
    'a.tar.gz': 'application/gzip',
    'a.htm': 'text/html',
    'index.html': 'text/html',
    'favicon.ico': 'image/vnd.microsoft.icon',
    'a.js': 'text/javascript',
    'a.mjs': 'text/javascript',
    'a.json': 'application/json',
    'README.md': 'text/markdown',
    'a.mov': 'video/quicktime',
    'a.mp3': 'audio/mpeg',
    'a.mp4': 'video/mp4',
    'a.ogg': 'audio/ogg',
    'a.pdf': 'application/pdf',
    'a.png': 'image/png',
    'a.svg': 'image/svg+xml',
    'a.tar': 'application/x-tar',
    'a.tif': 'image/tiff',
    'a.tiff': 'image/tiff',
    'a.txt': 'text/plain',
    'a.wasm': 'application/wasm',
    'a.wav': 'audio/wav',
    'a.webm': 'video/webm',
    'a.webmanifest': 'application/manifest+json',
    'a.webp': 'image/webp',
    'a.woff': 'font/woff',
    'a.woff2': 'font/woff2',
    'a.xml': 'application/xml',
    'a.yaml': 'application/yaml',
    'a.yml': 'application/yaml',
    'a.zip': 'application/zip',
  }
  it('is that of its end', () => {
    for (const [name, type] of Object.entries(types)) assert.equal(contentTypeOf(name), type, name)
  })

  it('is none where the end tells nothing', () => {
    for (const name of ['', 'name', '.json', 'a.', 'a.unknown', 'a.constructor', 'json', 'a.json/b'])
      assert.equal(contentTypeOf(name), undefined, name)
  })
})
