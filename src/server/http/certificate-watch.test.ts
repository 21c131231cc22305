import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reportCertificate } from './certificate-watch.ts'

/** What is said of a certificate of so many days when it has so many left. */
function saidOf(lifetimeDays: number, daysLeft: number): string[] {
  const said: string[] = []
  const log = {
    warn: (_: object, message: string) => void said.push(`warn: ${message}`),
    error: (_: object, message: string) => void said.push(`error: ${message}`),
  }
  const until = 1_000 * DAY_MS
  const clock = { now: () => until - daysLeft * DAY_MS }
  reportCertificate({ from: until - lifetimeDays * DAY_MS, until }, { clock, log })
  return said
}

describe('reportCertificate', () => {
  it('is silent while there is time, warns in the last days, and calls an expired one an error', () => {
    assert.deepEqual(saidOf(90, 30), [])
    assert.deepEqual(saidOf(90, 13), ['warn: the TLS certificate expires soon'])
    assert.deepEqual(saidOf(6, 2), [])
    assert.deepEqual(saidOf(6, 1), ['warn: the TLS certificate expires soon'])
    assert.match(saidOf(90, 0)[0] ?? '', /^error: .* has expired/)
    assert.match(saidOf(90, 91)[0] ?? '', /^error: .* not valid yet/)
  })
})
