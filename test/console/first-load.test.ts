import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'

const FIRST_LOAD_BYTES_MAX = 200_000

it('the console’s first load has 200 KB at most, compressed either way', () => {
  const { firstLoad } = JSON.parse(readFileSync('dist/console/files.json', 'utf8')) as {
    readonly firstLoad: Readonly<Record<string, number>>
  }
  for (const [encoding, bytes] of Object.entries(firstLoad)) {
    assert.ok(bytes > 10_000, `${encoding}: ${bytes} bytes are too few to be it`)
    assert.ok(bytes <= FIRST_LOAD_BYTES_MAX, `${encoding}: ${bytes} bytes`)
  }
})
