import { setTimeout as pause } from 'node:timers/promises'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { ControlError } from '../../control/control-error.ts'
import { StsFailure } from '../../control/sts/sts-failure.ts'
import { lightsailErrors, type LightsailErrorCode } from '../../model/lightsail/errors.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import { s3Errors, type S3ErrorCode } from '../../model/s3/errors.ts'
import { stsErrors, type StsErrorCode } from '../../model/sts/errors.ts'
import { stsOperations } from '../../model/sts/index.ts'
import { S3_OPERATIONS } from '../../s3/operations/index.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { nearestName } from '../configuration/nearest-name.ts'
import { breakResponse, type ResponseFault } from './broken-response.ts'
import { durationMs } from './duration.ts'
import { InvalidInput } from './invalid-input.ts'
import type { FaultInput } from './types.ts'

type Service = NonNullable<ExchangeFacts['service']>

interface Fault {
  readonly input: FaultInput
  readonly services: readonly Service[]
  readonly delayMs: number
  left: number
}

/** Faults that wait at most. */
const FAULTS_MAX = 1_000
const DELAY_MS_MAX = 10 * 60_000
const RESPONSE_FAULTS = ['CutBody', 'WrongChecksum'] as const
const MEMBERS = ['service', 'operation', 'bucketName', 'objectKey', 'code', 'times', 'delay'] as const

const OPERATIONS: Readonly<Record<Service, ReadonlySet<string>>> = {
  s3: new Set([...S3_OPERATIONS.map(({ operation }) => operation.name), 'PostObject']),
  lightsail: new Set(Object.keys(lightsailOperations)),
  lugsail: new Set(Object.keys(lugsailOperations)),
  sts: new Set(Object.keys(stsOperations)),
}
const SERVICES = Object.keys(OPERATIONS) as Service[]
const CODES: Readonly<Record<Service, object>> = {
  s3: s3Errors,
  lightsail: lightsailErrors,
  lugsail: lightsailErrors,
  sts: stsErrors,
}

/** What is to go wrong with the next requests. */
export class Faults {
  #waiting: Fault[] = []

  /** Throws {@link InvalidInput} for what no request can meet. */
  add(input: FaultInput): void {
    for (const name of Object.keys(input))
      if (!(MEMBERS as readonly string[]).includes(name))
        throw new InvalidInput(`a fault has no "${name}"${hint(name, MEMBERS)}; it has ${MEMBERS.join(', ')}`)
    const { times = 1 } = input
    if (!Number.isInteger(times) || times < 1 || times > 1_000_000)
      throw new InvalidInput(`times: expected a whole number from 1 to 1000000, got ${times}`)
    if (input.code === undefined && input.delay === undefined)
      throw new InvalidInput('a fault needs a code or a delay')
    const delayMs = input.delay === undefined ? 0 : durationMs(input.delay, 'delay')
    if (delayMs > DELAY_MS_MAX) throw new InvalidInput(`delay: at most ten minutes, got ${delayMs} ms`)
    if (this.#waiting.length >= FAULTS_MAX) throw new InvalidInput(`more than ${FAULTS_MAX} faults wait`)
    this.#waiting.push({ input, services: servicesOf(input), delayMs, left: times })
  }

  clear(): void {
    this.#waiting = []
  }

  /** How many requests are still to be hit. */
  get left(): number {
    return this.#waiting.reduce((sum, { left }) => sum + left, 0)
  }

  /** Lets happen what is to happen to the request, once its operation is known. Rejects with the error that is its response. */
  readonly meet = async (exchange: Exchange): Promise<void> => {
    const fault = this.#waiting.find((waiting) => isMet(waiting, exchange))
    if (!fault) return
    fault.left--
    if (fault.left === 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== fault)
    if (fault.delayMs > 0) await pause(fault.delayMs, undefined, { ref: false })
    const { code } = fault.input
    if (code !== undefined) fail(exchange, code)
  }
}

function isMet({ input, services }: Fault, { facts }: Exchange): boolean {
  const { operation, bucketName, objectKey } = input
  return (
    services.includes(facts.service ?? 's3') &&
    (operation === undefined || operation === facts.operation) &&
    (bucketName === undefined || bucketName === facts.bucketName) &&
    (objectKey === undefined || objectKey === facts.objectKey)
  )
}

function fail({ response, facts }: Exchange, code: string): void {
  if (code === 'CutConnection') {
    response.destroy()
    throw new Error('a test wanted this connection to end')
  }
  if (isResponseFault(code)) {
    breakResponse(response, code)
    return
  }
  const message = 'A fault that this test asked for.'
  // Each code was looked for in the tables of the services that the fault can hit.
  switch (facts.service) {
    case 'lightsail':
    case 'lugsail':
      throw new ControlError(code as LightsailErrorCode, message)
    case 'sts':
      throw new StsFailure(code as StsErrorCode, message)
    default:
      throw new S3Error(code as S3ErrorCode, message)
  }
}

const isResponseFault = (code: string): code is ResponseFault =>
  (RESPONSE_FAULTS as readonly string[]).includes(code)

/** The APIs whose requests it can hit. */
function servicesOf({ service, operation, code, bucketName, objectKey }: FaultInput): readonly Service[] {
  if (service !== undefined && !SERVICES.includes(service))
    throw new InvalidInput(`service: expected one of ${SERVICES.join(', ')}, got "${service}"`)
  const asked = service === undefined ? SERVICES : [service]
  const offering = asked.filter((each) => operation === undefined || OPERATIONS[each].has(operation))
  if (offering.length === 0) {
    const known = asked.flatMap((each) => [...OPERATIONS[each]])
    throw new InvalidInput(`operation: there is no "${operation}"${hint(operation ?? '', known)}`)
  }
  // Of the other APIs' requests it is not known yet what they are about.
  const named = bucketName === undefined && objectKey === undefined ? offering : offering.filter(isS3)
  if (named.length === 0)
    throw new InvalidInput('bucketName and objectKey: only requests to S3 are told apart by them')
  if (code === undefined || code === 'CutConnection' || code === 'CutBody') return named
  if (code === 'WrongChecksum') {
    if (operation === 'GetObject') return ['s3']
    throw new InvalidInput('code: WrongChecksum is for the operation GetObject, whose body has a checksum')
  }
  const answering = named.filter((each) => Object.hasOwn(CODES[each], code))
  if (answering.length > 0) return answering
  const codes = [...named.flatMap((each) => Object.keys(CODES[each])), ...RESPONSE_FAULTS, 'CutConnection']
  throw new InvalidInput(
    `code: "${code}" is no error of ${operation ?? 'these APIs'}${hint(code, codes)}; besides errors there are ${RESPONSE_FAULTS.join(', ')} and CutConnection`,
  )
}

const isS3 = (service: Service): boolean => service === 's3'

function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}
