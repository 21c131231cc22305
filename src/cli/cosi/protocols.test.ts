import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { loadSync, type PackageDefinition } from '@grpc/proto-loader'
import { COSI_V1ALPHA1, COSI_V1ALPHA2 } from '../../../test/cli/cosi-protocols.ts'
import type { Field, Message, Protocol } from './message.ts'
import { packageDefinition } from './package-definition.ts'
import { v1alpha1 } from './v1alpha1.ts'
import { v1alpha2 } from './v1alpha2.ts'

type Sample = Readonly<Record<string, unknown>>

/** A message with something in every field that differs from field to field, and the `turn`-th value of each enumeration. */
function sampleOf({ fields }: Message, turn: number, path = ''): Sample {
  const valueOf = ({ kind, isList }: Field, at: string): unknown => {
    if (kind === 'string') return at
    if (kind === 'map') return { [`${at} name`]: `${at} value` }
    const names = kind.type === 'enumeration' ? Object.keys(kind.values) : []
    const value = kind.type === 'enumeration' ? names[turn % names.length] : sampleOf(kind, turn, at)
    return isList ? [value] : value
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, valueOf(field, `${path}.${name}`)]),
  )
}

/** In v1alpha1 credentials are a map, which travels as the list of entries that ours is. */
const asPublished = (sample: Sample): Sample =>
  Array.isArray(sample['credentials'])
    ? {
        ...sample,
        credentials: Object.fromEntries(
          (sample['credentials'] as readonly { readonly key: string; readonly value: object }[]).map(
            ({ key, value }) => [key, value],
          ),
        ),
      }
    : sample

/** What gRPC makes of a method. */
interface Method {
  readonly path: string
  readonly requestSerialize: (message: object) => Buffer
  readonly requestDeserialize: (bytes: Buffer) => object
  readonly responseSerialize: (message: object) => Buffer
  readonly responseDeserialize: (bytes: Buffer) => object
}

function methodOf(definition: PackageDefinition, service: string, method: string): Method {
  const found = definition[service] as unknown as Readonly<Record<string, Method>> | undefined
  const described = found?.[method]
  assert.ok(described, `${service} ${method}`)
  return described
}

describe('the messages of COSI', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-cosi-protocols-'))
  after(() => rmSync(folder, { recursive: true }))

  const protocols: readonly (readonly [Protocol, published: string])[] = [
    [v1alpha1, COSI_V1ALPHA1],
    [v1alpha2, COSI_V1ALPHA2],
  ]
  for (const [protocol, published] of protocols) {
    const { packageName, services } = protocol
    const file = join(folder, `${packageName}.proto`)
    writeFileSync(file, published)
    // What was not sent is not there, so that all that is there was sent.
    const theirs = loadSync(file, { keepCase: true, enums: String })
    const ours = packageDefinition(protocol)

    it(`are those of ${packageName} as it was published, with all their fields and values`, () => {
      for (const [service, methods] of Object.entries(services))
        for (const [method, { request, response }] of Object.entries(methods)) {
          const [own, other] = [ours, theirs].map((each) =>
            methodOf(each, `${packageName}.${service}`, method),
          )
          assert.ok(own && other)
          assert.equal(own.path, other.path)
          // From 1: what is 0 is not sent.
          for (let turn = 1; turn <= 3; turn++) {
            const [asked, answered] = [sampleOf(request, turn), sampleOf(response, turn)]
            const sent: Buffer = other.requestSerialize(asked)
            assert.deepEqual(plain(own.requestDeserialize(sent)), asked, `request of ${method}`)
            assert.deepEqual(
              plain(other.responseDeserialize(own.responseSerialize(answered))),
              asPublished(answered),
              `response of ${method}`,
            )
          }
        }
    })

    it(`of ${packageName} are empty where nothing was sent`, () => {
      const { request } = services['Provisioner']?.['DriverGrantBucketAccess'] ?? {}
      assert.ok(request)
      const method = methodOf(ours, `${packageName}.Provisioner`, 'DriverGrantBucketAccess')
      const read = plain(method.requestDeserialize(Buffer.alloc(0))) as Sample
      for (const [name, { kind, isList }] of Object.entries(request.fields)) {
        const nothing =
          kind === 'string'
            ? ''
            : kind === 'map'
              ? {}
              : kind.type === 'enumeration'
                ? Object.keys(kind.values)[0]
                : null
        assert.deepEqual(read[name], isList ? [] : nothing, name)
      }
    })
  }
})

/** Without the prototypes of protobuf's classes. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value))
