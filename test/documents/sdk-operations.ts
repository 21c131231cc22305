/** An operation as one of Amazon's SDKs describes it. */
export interface SdkOperation {
  readonly name: string
  /** Of a REST API. */
  readonly http?: {
    readonly method: string
    /** `/?accelerate` of the service or a bucket, `/{Key+}?restore` of an object. */
    readonly uri: string
  }
}

/** What the SDK's schemas call an operation. */
const OPERATION = 9

/** All operations that a client package of the SDK for JavaScript v3 has, by name: what Amazon offers, as of the package's version. */
export function operationsOf(clientPackage: object): readonly SdkOperation[] {
  return Object.values(clientPackage)
    .filter((value): value is readonly unknown[] => Array.isArray(value) && value[0] === OPERATION)
    .map(([, , name, traits]) => {
      const http = isObject(traits) && 'http' in traits ? traits.http : undefined
      return {
        name: String(name),
        ...(Array.isArray(http) && { http: { method: String(http[0]), uri: String(http[1]) } }),
      }
    })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
