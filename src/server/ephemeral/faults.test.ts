import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { ControlError } from '../../control/control-error.ts'
import { StsFailure } from '../../control/sts/sts-failure.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { Faults } from './faults.ts'
import { InvalidInput } from './invalid-input.ts'
import type { FaultInput } from './types.ts'

/** A request whose operation is known, and whose response notes whether it was destroyed. */
function exchangeOf(facts: ExchangeFacts) {
  const seen = { isDestroyed: false }
  const response = { write: () => true, end: () => undefined, destroy: () => (seen.isDestroyed = true) }
  const exchange = { facts, response: response as unknown as ServerResponse } as Exchange
  const { write } = response
  return { exchange, seen, wasBroken: () => response.write !== write }
}

const s3 = (facts: ExchangeFacts = {}): Exchange => exchangeOf({ service: 's3', ...facts }).exchange

/** The code of the error that a request meets; null: none. */
async function met(faults: Faults, exchange: Exchange): Promise<string | null> {
  try {
    await faults.meet(exchange)
    return null
  } catch (error) {
    assert.ok(error instanceof S3Error || error instanceof ControlError || error instanceof StsFailure)
    return error.code
  }
}

const faultsOf = (...inputs: readonly FaultInput[]): Faults => {
  const faults = new Faults()
  for (const input of inputs) faults.add(input)
  return faults
}

describe('a fault', () => {
  it('hits the next request, or as many as it is asked to, and then no more', async () => {
    const faults = faultsOf({ code: 'SlowDown' }, { code: 'InternalError', times: 2 })
    const codes: (string | null)[] = []
    for (const left of [3, 2, 1, 0, 0]) {
      assert.equal(faults.left, left)
      codes.push(await met(faults, s3()))
    }
    assert.deepEqual(codes, ['SlowDown', 'InternalError', 'InternalError', null, null])
    faults.add({ code: 'SlowDown', times: 5 })
    faults.clear()
    assert.deepEqual([faults.left, await met(faults, s3())], [0, null])
  })

  it('hits requests of its API, operation, bucket and object, and no others', async () => {
    const rows: readonly (readonly [
      fault: FaultInput,
      hit: readonly ExchangeFacts[],
      missed: readonly ExchangeFacts[],
    ])[] = [
      [
        { operation: 'PutObject', code: 'SlowDown' },
        [{ service: 's3', operation: 'PutObject' }, { operation: 'PutObject' }],
        [
          { service: 's3', operation: 'GetObject' },
          { service: 'lightsail', operation: 'PutObject' },
        ],
      ],
      [
        { bucketName: 'b', objectKey: 'k', code: 'SlowDown' },
        [{ service: 's3', bucketName: 'b', objectKey: 'k' }],
        [
          { service: 's3', bucketName: 'b', objectKey: 'j' },
          { service: 's3', bucketName: 'c', objectKey: 'k' },
          { service: 's3' },
          { service: 'lightsail', bucketName: 'b', objectKey: 'k' },
        ],
      ],
      [
        { service: 'lightsail', code: 'ServiceException' },
        [{ service: 'lightsail', operation: 'CreateBucket' }],
        [{ service: 's3' }, { service: 'lugsail' }, { service: 'sts' }],
      ],
      [
        { service: 'sts', operation: 'AssumeRole', code: 'AccessDenied' },
        [{ service: 'sts', operation: 'AssumeRole' }],
        [{ service: 'sts', operation: 'GetCallerIdentity' }, { service: 's3' }],
      ],
      [
        { operation: 'PostObject', code: 'SlowDown' },
        [{ operation: 'PostObject' }],
        [{ operation: 'PutObject' }],
      ],
    ]
    for (const [fault, hit, missed] of rows) {
      for (const facts of hit)
        assert.equal(await met(faultsOf(fault), s3(facts)), fault.code, JSON.stringify([fault, facts]))
      const faults = faultsOf(fault)
      for (const facts of missed)
        assert.equal(await met(faults, exchangeOf(facts).exchange), null, JSON.stringify([fault, facts]))
      assert.equal(faults.left, 1)
    }
  })

  it('is the error of the API that is asked', async () => {
    for (const [service, code, kind] of [
      ['s3', 'SlowDown', S3Error],
      ['lightsail', 'ServiceException', ControlError],
      ['lugsail', 'ServiceException', ControlError],
      ['sts', 'AccessDenied', StsFailure],
    ] as const)
      await assert.rejects(
        faultsOf({ service, code }).meet(exchangeOf({ service }).exchange),
        (error) => error instanceof kind && error.message === 'A fault that this test asked for.',
        service,
      )
    await assert.rejects(faultsOf({ code: 'SlowDown' }).meet(exchangeOf({}).exchange), S3Error)
  })

  it('cuts the connection before anything is done, or breaks the response and lets the rest happen', async () => {
    const cut = exchangeOf({ service: 's3' })
    await assert.rejects(
      faultsOf({ code: 'CutConnection' }).meet(cut.exchange),
      /wanted this connection to end/,
    )
    assert.ok(cut.seen.isDestroyed)
    for (const code of ['CutBody', 'WrongChecksum']) {
      const broken = exchangeOf({ service: 's3', operation: 'GetObject' })
      await faultsOf({ operation: 'GetObject', code }).meet(broken.exchange)
      assert.deepEqual([broken.seen.isDestroyed, broken.wasBroken()], [false, true], code)
    }
  })

  it('may be a delay alone, after which all goes on', async () => {
    const faults = faultsOf({ delay: 1 }, { delay: '2ms', code: 'SlowDown' })
    // A delay does not keep a process.
    const kept = setTimeout(() => undefined, 60_000)
    assert.equal(await met(faults, s3()), null)
    assert.equal(await met(faults, s3()), 'SlowDown')
    clearTimeout(kept)
    assert.equal(faults.left, 0)
  })

  it('that no request can meet is refused by the name of what is wrong', () => {
    const rows: readonly (readonly [input: object, message: RegExp])[] = [
      [
        { code: 'SlowDown', time: 1 },
        /^a fault has no "time"; did you mean times\?; it has service, operation, /,
      ],
      [{ code: 'SlowDown', times: 0 }, /^times: expected a whole number from 1 to 1000000, got 0$/],
      [{ code: 'SlowDown', times: 1.5 }, /^times: /],
      [{ code: 'SlowDown', times: 1_000_001 }, /^times: /],
      [{}, /^a fault needs a code or a delay$/],
      [{ operation: 'PutObject' }, /^a fault needs a code or a delay$/],
      [{ delay: 'long' }, /^delay: expected milliseconds/],
      [{ delay: '601s' }, /^delay: at most ten minutes, got 601000 ms$/],
      [
        { service: 'ec2', code: 'SlowDown' },
        /^service: expected one of s3, lightsail, lugsail, sts, got "ec2"$/,
      ],
      [
        { operation: 'PutObjekt', code: 'SlowDown' },
        /^operation: there is no "PutObjekt"; did you mean PutObject\?$/,
      ],
      [{ service: 'sts', operation: 'PutObject', code: 'SlowDown' }, /^operation: there is no "PutObject"/],
      [
        { operation: 'CreateRole', bucketName: 'b', code: 'ServiceException' },
        /^bucketName and objectKey: only requests to S3/,
      ],
      [{ service: 'lightsail', objectKey: 'k', code: 'ServiceException' }, /^bucketName and objectKey: /],
      [
        { code: 'SlowDwn' },
        /^code: "SlowDwn" is no error of these APIs; did you mean SlowDown\?; besides errors there are CutBody, WrongChecksum and CutConnection$/,
      ],
      [{ operation: 'GetBuckets', code: 'SlowDown' }, /^code: "SlowDown" is no error of GetBuckets/],
      [{ operation: 'GetBuckets', code: 'CutConection' }, /did you mean CutConnection\?/],
      [{ code: 'toString' }, /^code: "toString" is no error/],
      [{ code: 'WrongChecksum' }, /^code: WrongChecksum is for the operation GetObject/],
      [
        { operation: 'PutObject', code: 'WrongChecksum' },
        /^code: WrongChecksum is for the operation GetObject/,
      ],
    ]
    for (const [input, message] of rows)
      assert.throws(
        () => faultsOf(input),
        (error) => error instanceof InvalidInput && message.test(error.message),
        JSON.stringify(input),
      )
    const many = new Faults()
    for (let index = 0; index < 1_000; index++) many.add({ code: 'SlowDown', times: 1_000_000 })
    assert.throws(
      () => many.add({ code: 'SlowDown' }),
      /^InvalidInput: more than 1000 faults wait|more than 1000 faults wait/,
    )
    assert.equal(faultsOf({ delay: '10m' }).left, 1)
  })
})
