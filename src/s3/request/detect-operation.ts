import type { IncomingHttpHeaders } from 'node:http'
import type { RequestQuery } from '../../auth/request-query.ts'
import { S3Error } from '../s3-error.ts'
import type { Address } from './address.ts'
import { notImplemented } from './argument-errors.ts'
import type { AnyOperationHandler } from '../operation-handler.ts'
import { TARGET_ARGUMENTS, UNSUPPORTED_MARKERS } from './s3-names.ts'

/** The operations with one method and target. */
interface Route {
  /** Without a marker argument; those that a header tells apart come first. */
  readonly plain: AnyOperationHandler[]
  /** By the marker argument's name; those that a value or a header tells apart come first. */
  readonly marked: Map<string, AnyOperationHandler[]>
}

/** Markers of listings that people ask an object for, since they list what an object has. */
const BUCKET_LISTINGS: ReadonlySet<string> = new Set(['uploads', 'versions'])

/** Finds the operation that a request asks for by method, target, marker argument and header. */
export class OperationTable {
  readonly #routes = new Map<string, Route>()
  /** Names of the arguments that mark an operation here. */
  readonly #markers = new Set<string>()
  /** `<target> <marker>` of each of them. */
  readonly #markedTargets = new Set<string>()
  /** Names of the arguments that some operation reads. */
  readonly #arguments = new Set<string>([...UNSUPPORTED_MARKERS, ...TARGET_ARGUMENTS])

  constructor(handlers: readonly AnyOperationHandler[]) {
    for (const handler of handlers) this.#add(handler)
    for (const { plain, marked } of this.#routes.values())
      for (const candidates of [plain, ...marked.values()])
        candidates.sort((left, right) => specificity(right) - specificity(left))
  }

  /**
   * Throws `InvalidArgument` when an argument that means something comes more than once: a signature does not cover in which order. Others are
   * passed over as often as they come.
   */
  refuseRepeated({ repeated }: RequestQuery): void {
    for (const name of repeated)
      if (this.#arguments.has(name))
        throw new S3Error('InvalidArgument', `The argument ${name} must come once.`, {
          details: { argumentName: name },
        })
  }

  /** Throws `InvalidArgument` for an argument that means something and that the signature of a presigned URL does not cover. */
  refuseUnsigned(names: readonly string[]): void {
    for (const name of names)
      if (this.#arguments.has(name))
        throw new S3Error(
          'InvalidArgument',
          `Signature version 2 does not sign the argument ${name}, so that anybody could change it. Please use AWS4-HMAC-SHA256.`,
          { details: { argumentName: name } },
        )
  }

  /**
   * Throws `NotImplemented` for an operation that is not offered, `MethodNotAllowed` for a method that the target does not have,
   * `InvalidArgument` when arguments mark two operations, `InvalidRequest` where a bucket's listing is asked of an object.
   */
  find(method: string, address: Address, headers: IncomingHttpHeaders): AnyOperationHandler {
    const route = this.#routes.get(`${method} ${address.target}`)
    let marker: string | null = null
    for (const name of address.query.keys()) {
      if (!this.#markers.has(name)) {
        if (UNSUPPORTED_MARKERS.has(name)) throw notImplemented('query argument', name)
        continue
      }
      if (marker !== null)
        throw new S3Error('InvalidArgument', `Conflicting query string parameters: ${marker}, ${name}`)
      marker = name
    }
    const candidates = marker === null ? route?.plain : route?.marked.get(marker)
    const found =
      candidates?.find((handler) => isAskedFor(handler, address, headers)) ??
      (marker === 'list-type'
        ? route?.plain.find((handler) => isAskedFor(handler, address, headers))
        : undefined)
    if (found) return found
    if (marker !== null && method === 'GET' && address.target === 'object' && BUCKET_LISTINGS.has(marker))
      throw new S3Error('InvalidRequest', `There is no such thing as the ?${marker} sub-resource for a key`)
    if (marker !== null && !this.#markedTargets.has(`${address.target} ${marker}`))
      throw notImplemented('query argument', marker)
    throw new S3Error('MethodNotAllowed', undefined, {
      details: {
        method: method,
        resourceType: marker === null ? address.target.toUpperCase() : marker.toUpperCase(),
        allow: this.#methodsOf(address.target, marker).join(', '),
      },
    })
  }

  /** Whether an argument marks some operation of S3, offered or not. */
  isMarked(query: Address['query']): boolean {
    for (const name of query.keys()) if (this.#markers.has(name) || UNSUPPORTED_MARKERS.has(name)) return true
    return false
  }

  /** The methods that the target has, with the marker or without one. */
  #methodsOf(target: Address['target'], marker: string | null): readonly string[] {
    return [...this.#routes]
      .filter(([place, { plain, marked }]) => {
        const isSamePlace = place.endsWith(` ${target}`)
        return isSamePlace && (marker === null ? plain.length > 0 : marked.has(marker))
      })
      .map(([place]) => place.slice(0, place.indexOf(' ')))
      .sort()
  }

  #add(handler: AnyOperationHandler): void {
    const { name, http, input } = handler.operation
    for (const { location } of Object.values(input.members))
      if (location?.in === 'query') this.#arguments.add(location.name)
    if (!http) throw new TypeError(`operation ${name} has no HTTP binding`)
    const place = `${http.method} ${http.target}`
    let route = this.#routes.get(place)
    if (!route) this.#routes.set(place, (route = { plain: [], marked: new Map() }))
    if (http.query === undefined) {
      route.plain.push(handler)
      return
    }
    const marker = splitMarker(http.query).name
    this.#markers.add(marker)
    this.#arguments.add(marker)
    this.#markedTargets.add(`${http.target} ${marker}`)
    const candidates = route.marked.get(marker)
    if (candidates) candidates.push(handler)
    else route.marked.set(marker, [handler])
  }
}

function isAskedFor(
  { operation }: AnyOperationHandler,
  { query }: Address,
  headers: IncomingHttpHeaders,
): boolean {
  const { http } = operation
  if (http?.header !== undefined && headers[http.header] === undefined) return false
  if (http?.query === undefined) return true
  const { name, value } = splitMarker(http.query)
  return value === null || query.get(name) === value
}

function splitMarker(marker: string): { name: string; value: string | null } {
  const equals = marker.indexOf('=')
  return equals < 0
    ? { name: marker, value: null }
    : { name: marker.slice(0, equals), value: marker.slice(equals + 1) }
}

function specificity({ operation: { http } }: AnyOperationHandler): number {
  return (http?.header === undefined ? 0 : 2) + (http?.query?.includes('=') === true ? 1 : 0)
}
