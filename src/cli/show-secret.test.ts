import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LightsailClient } from '../client/lightsail-client.ts'
import type { WireRecord, WireValue } from '../client/values.ts'
import { createAccessKey } from '../model/lugsail/create-access-key.ts'
import type { Operation, TakingBack } from '../model/operation.ts'
import type { KeyFiles } from './key-files/key-files.ts'
import type { OperationRun } from './operation-run.ts'
import { callAndShow, rehearse } from './show-secret.ts'

const record = (members: Readonly<Record<string, WireValue>>): WireRecord => new Map(Object.entries(members))

const shown = record({ key: record({ accessKeyId: 'AKIA', secretAccessKey: 'hidden' }) })
const parameters = record({ name: 'reports' })

const takingBack: TakingBack = {
  operation: { ...createAccessKey, name: 'DeleteThing' },
  input: {
    name: ['input', 'name'],
    accessKeyId: ['output', 'key', 'accessKeyId'],
    other: ['output', 'no', 'where'],
  },
}

/** Calls an operation whose secret is shown this once; what was called and written, and how it ended. */
async function called({
  render = async () => await Promise.resolve('text'),
  write = () => undefined,
  keyFiles = null,
  takeBack = () => undefined,
}: {
  readonly render?: (output: WireValue) => Promise<string>
  readonly write?: (text: string) => void
  readonly keyFiles?: Pick<KeyFiles, 'write'> | null
  readonly takeBack?: () => void
}) {
  const calls: (readonly [name: string, input: object])[] = []
  const written: string[] = []
  const client = {
    call: async ({ name }: Operation, input: WireRecord) => {
      calls.push([name, Object.fromEntries(input)])
      if (name === 'DeleteThing') takeBack()
      return await Promise.resolve(shown)
    },
  } as unknown as LightsailClient
  const run = {
    operation: { ...createAccessKey, name: 'MakeThing' },
    writeOrThrow: (text: string) => {
      write(text)
      written.push(text)
    },
  } as unknown as OperationRun
  const error = await callAndShow(run, client, {
    ...{ parameters, takingBack, render },
    keyFiles: keyFiles as KeyFiles | null,
  }).then(
    () => null,
    (failure: unknown) => (failure instanceof Error ? failure.message : failure),
  )
  return { calls, written, error }
}

const MADE = ['MakeThing', { name: 'reports' }] as const
const TAKEN_BACK = ['DeleteThing', { name: 'reports', accessKeyId: 'AKIA' }] as const
const fails = (message: string) => (): never => {
  throw new Error(message)
}

describe('a secret that is shown once', () => {
  it('is written, and nothing is taken back', async () => {
    const rendered: WireValue[] = []
    const render = async (output: WireValue) => {
      rendered.push(output)
      return await Promise.resolve('text')
    }
    assert.deepEqual(await called({ render }), { calls: [MADE], written: ['text'], error: null })
    assert.deepEqual(rendered, [shown])
  })

  it('is taken back where it could not be written or rendered', async () => {
    for (const options of [{ write: fails('nobody reads.') }, { render: fails('nobody reads') }])
      assert.deepEqual(await called(options), {
        calls: [MADE, TAKEN_BACK],
        written: [],
        error:
          'The response to MakeThing, which alone has the secret, could not be written: nobody reads. What was made has been deleted again.',
      })
  })

  it('says how to delete what could not be taken back', async () => {
    assert.deepEqual(await called({ write: fails('nobody reads'), takeBack: fails('it fell silent.') }), {
      calls: [MADE, TAKEN_BACK],
      written: [],
      error:
        'The response to MakeThing, which alone has the secret, could not be written: nobody reads. What was made is still there, and nobody has its secret (it fell silent). Delete it with: lugsail delete-thing --name reports --access-key-id AKIA',
    })
  })

  it('that goes into files is shown without it, once it is there', async () => {
    const files: unknown[] = []
    const keyFiles = {
      write: async (output: WireValue, given: WireRecord) => {
        files.push(output, given)
        return await Promise.resolve('without')
      },
    }
    const render = async (output: WireValue) =>
      await Promise.resolve(`shown ${typeof output === 'string' ? output : 'the secret'}`)
    assert.deepEqual(await called({ keyFiles, render }), {
      calls: [MADE],
      written: ['shown without'],
      error: null,
    })
    assert.deepEqual(files, [shown, parameters])
    // The key is kept: that nobody reads what is said of it is no reason to delete it.
    const unread = await called({ keyFiles, write: fails('nobody reads') })
    assert.deepEqual([unread.calls, unread.error], [[MADE], 'nobody reads'])
  })

  it('that cannot go into files is taken back', async () => {
    const keyFiles = { write: fails('the disk is full') }
    assert.deepEqual(await called({ keyFiles }), {
      calls: [MADE, TAKEN_BACK],
      written: [],
      error:
        'The key of MakeThing could not be written: the disk is full. What was made has been deleted again.',
    })
    const { error } = await called({ keyFiles, takeBack: fails('no') })
    assert.match(
      String(error),
      /What was made is still there, and in none of the files \(no\)\. Delete it with: lugsail/,
    )
  })
})

describe('before anything is made', () => {
  const rehearsed = async (
    text: string,
    {
      query,
      keyFiles = null,
      style = 'iso8601',
    }: { query?: string; keyFiles?: KeyFiles | null; style?: string } = {},
  ) => {
    const samples: WireValue[] = []
    const run = {
      operation: createAccessKey,
      query,
      session: { settings: { timestampStyle: style } },
    } as unknown as OperationRun
    await rehearse(
      run,
      async (sample) => {
        samples.push(sample)
        return await Promise.resolve(text)
      },
      keyFiles,
    )
    return samples
  }

  it('a sample is shown, and an output that shows nothing refused', async () => {
    assert.equal((await rehearsed('text')).length, 1)
    await assert.rejects(
      rehearsed(''),
      /^Error: create-access-key shows a secret this once, and the output "off"/,
    )
    assert.equal((await rehearsed('', { query: 'nothing' })).length, 1)
  })

  it('the sample has times as the output will have them', async () => {
    const [wire, iso] = [await rehearsed('x', { style: 'wire' }), await rehearsed('x')]
    assert.notDeepEqual(wire, iso)
    assert.ok(
      JSON.stringify(iso, (_, value: unknown) => (value instanceof Map ? [...value] : value)).includes(
        '1970-01-01T00:00:00+00:00',
      ),
    )
  })

  it('files are looked at, and may be told of with no output at all', async () => {
    let checked = 0
    const keyFiles = { check: async () => await Promise.resolve(void (checked += 1)) } as unknown as KeyFiles
    await rehearsed('', { keyFiles })
    assert.equal(checked, 1)
    const full = {
      check: async () => await Promise.reject(new Error('it is no file')),
    } as unknown as KeyFiles
    await assert.rejects(rehearsed('x', { keyFiles: full }), { message: 'it is no file' })
  })
})
