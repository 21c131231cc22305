import type { StructureShape, ValueOf } from './shape.ts'

/** How a REST operation is addressed. `query` names the argument that marks the operation (`?uploads`), where one does. */
export interface HttpBinding {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD' | 'OPTIONS'
  readonly target: 'service' | 'bucket' | 'object'
  readonly query?: string
  /** Status of a success; 200 when absent. */
  readonly status?: number
}

/** How a client walks the pages of an operation's output. */
export interface Pagination {
  readonly inputToken: string
  readonly outputToken: string
  /** The output member that the pages add up to. */
  readonly result: string
}

export interface Operation<
  I extends StructureShape = StructureShape,
  O extends StructureShape = StructureShape,
> {
  /** The API's name: `CreateBucketAccessKey`. */
  readonly name: string
  readonly input: I
  readonly output: O
  /** Codes of the errors that the API declares for it. */
  readonly errors: readonly string[]
  readonly doc?: string
  readonly http?: HttpBinding
  readonly pagination?: Pagination
}

export type InputOf<P extends Operation> = ValueOf<P['input']>
export type OutputOf<P extends Operation> = ValueOf<P['output']>

export const operation = <I extends StructureShape, O extends StructureShape>(
  name: string,
  description: Omit<Operation<I, O>, 'name'>,
): Operation<I, O> => ({ name, ...description })

/** `CreateBucketAccessKey` → `create-bucket-access-key`; `accessKeyId` → `access-key-id`. */
export function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}
