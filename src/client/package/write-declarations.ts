/** Writes the types of `lugsail/client` from the model, in the form in which the package ships them; the build calls it. */
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import type { Operation } from '../../model/operation.ts'
import type { Member, Shape, StructureShape } from '../../model/shape.ts'
import { uncapitalize } from '../typed/typed-client.ts'

/** What is no data of the model: the same as `index.ts` exports, held against it by a test. */
const FIXED = `/** A failure that is told in one message; every error of the client is one. */
export declare class ClientError extends Error {}

/** The values of an operation's parameters break its description; nothing was sent. */
export declare class ParameterValidationError extends ClientError {
  constructor(problems: readonly string[])
}

/** The service answered, and said no. */
export declare class ServiceFault extends ClientError {
  /** The error's name: \`NotFoundException\`, \`InvalidInputException\`, … */
  readonly code: string
  readonly status: number
  /** What to do, where the server says so. */
  readonly hint: string | undefined
  constructor(details: {
    readonly hint?: string
    readonly code: string
    readonly reason: string
    readonly status: number
    readonly operation: string
    readonly retriesExhausted?: number
  })
}

/** No response: the connection was not made, broke, or took too long. */
export declare class TransportError extends ClientError {
  readonly kind: 'connect' | 'connect-timeout' | 'closed' | 'read-timeout' | 'tls' | 'proxy'
  constructor(kind: TransportError['kind'], message: string, cause?: unknown)
}

/** Makes a client; nothing is sent before a method is called. */
export declare function createLugsailClient(options: LugsailClientOptions): LugsailClient
`

/** The text of the declarations. `options` is that of options.ts. */
export function writeDeclarations(options: string): string {
  const interfaces = new Map<string, string>()
  const operations: readonly Operation[] = Object.values({ ...lightsailOperations, ...lugsailOperations })
  const methods = operations.map((operation) => methodOf(operation, interfaces))
  return [
    options,
    FIXED,
    `/** A method for each operation of Lightsail's API on buckets and of Lugsail's own. */\nexport interface LugsailClient {\n${methods.join('\n')}\n}\n`,
    ...interfaces.values(),
  ].join('\n')
}

function methodOf({ name, input, output, doc }: Operation, interfaces: Map<string, string>): string {
  const isOptional = Object.values(input.members).every(({ isRequired }) => !isRequired)
  return `${comment(doc, '  ')}  ${uncapitalize(name)}(input${isOptional ? '?' : ''}: ${typeOf(input, interfaces)}): Promise<${typeOf(output, interfaces)}>`
}

function typeOf(shape: Shape, interfaces: Map<string, string>): string {
  switch (shape.type) {
    case 'string':
      return shape.values?.map((value) => `'${value}'`).join(' | ') ?? 'string'
    case 'boolean':
      return 'boolean'
    case 'timestamp':
      return 'Date'
    case 'list': {
      const member = typeOf(shape.member, interfaces)
      return `readonly ${member.includes(' ') ? `(${member})` : member}[]`
    }
    case 'map':
      return 'Readonly<Record<string, string>>'
    case 'structure':
      return interfaceOf(shape, interfaces)
    case 'stream':
      throw new TypeError('no operation of these APIs has a stream')
    default:
      return 'number'
  }
}

/** The name of the interface of a structure, which is added where it is new. */
function interfaceOf(shape: StructureShape, interfaces: Map<string, string>): string {
  const { name, doc } = shape
  if (name === undefined) throw new TypeError('a structure without a name has no interface')
  const members = Object.entries(shape.members).map(([member, described]) =>
    memberOf(member, described, interfaces),
  )
  const text = `${comment(doc, '')}export interface ${name} {\n${members.join('\n')}\n}\n`
  if ((interfaces.get(name) ?? text) !== text)
    throw new TypeError(`two different structures are named ${name}`)
  interfaces.set(name, text)
  return name
}

function memberOf(name: string, member: Member, interfaces: Map<string, string>): string {
  const { shape, isRequired } = member
  const type = typeOf(shape, interfaces)
  const optional = isRequired ? [':', ''] : ['?:', ' | undefined']
  return `${comment(member.doc ?? shape.doc, '  ')}  readonly ${name}${optional.join(` ${type}`)}`
}

const comment = (doc: string | undefined, indent: string): string =>
  doc === undefined ? '' : `${indent}/** ${doc.replaceAll('*/', '*\\/')} */\n`
