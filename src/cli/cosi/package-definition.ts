import { fromJSON, type PackageDefinition } from '@grpc/proto-loader'
import type { Enumeration, Field, Message, Protocol } from './message.ts'

/** The part of a descriptor of protobuf.js that is used here. */
type Descriptor = Record<string, object>

/** The services of a protocol as gRPC takes them: `cosi.v1alpha1.Provisioner` and so on. */
export function packageDefinition({ packageName, services }: Protocol): PackageDefinition {
  const types: Descriptor = {}
  for (const [name, methods] of Object.entries(services))
    types[name] = {
      methods: Object.fromEntries(
        Object.entries(methods).map(([method, { request, response }]) => [
          method,
          { requestType: addMessage(request, types), responseType: addMessage(response, types) },
        ]),
      ),
    }
  const nested = packageName
    .split('.')
    .reduceRight<Descriptor>((within, name) => ({ [name]: { nested: within } }), types)
  return fromJSON({ nested }, { keepCase: true, defaults: true, arrays: true, objects: true, enums: String })
}

/** The name of a type, which is described where it was not yet. */
function addMessage({ name, fields }: Message, types: Descriptor): string {
  types[name] = {
    fields: Object.fromEntries(
      Object.entries(fields).map(([member, described]) => [member, fieldOf(described, types)]),
    ),
  }
  return name
}

function addEnumeration({ name, values }: Enumeration, types: Descriptor): string {
  types[name] = { values }
  return name
}

function fieldOf({ id, kind, isList }: Field, types: Descriptor): object {
  const rule = isList ? { rule: 'repeated' } : {}
  if (kind === 'string') return { ...rule, id, type: 'string' }
  if (kind === 'map') return { id, keyType: 'string', type: 'string' }
  return {
    ...rule,
    id,
    type: kind.type === 'enumeration' ? addEnumeration(kind, types) : addMessage(kind, types),
  }
}
