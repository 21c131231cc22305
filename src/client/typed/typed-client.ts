import type { Operation } from '../../model/operation.ts'
import type { OperationCaller } from '../pages.ts'
import { fromWireValue, toWireRecord, type TypedValue } from './typed-values.ts'

/** Operations by their names in the API. */
type Operations = Readonly<Record<string, Operation>>

/** `T`, or undefined where nothing is required of it. */
type Input<T> = object extends T ? [input?: T] : [input: T]

/** A method for each operation, named after it: `createAccessKey` for CreateAccessKey. */
export type TypedClient<O extends Operations> = {
  readonly [Name in keyof O & string as Uncapitalize<Name>]: (
    ...input: Input<TypedValue<O[Name]['input']>>
  ) => Promise<TypedValue<O[Name]['output']>>
}

/** The methods of {@link TypedClient}, each of which calls its operation through `caller` and rejects as that does. */
export function createTypedClient<O extends Operations>(
  caller: OperationCaller,
  operations: O,
): TypedClient<O> {
  const methods = Object.entries(operations).map(([name, operation]) => [
    uncapitalize(name),
    async (input: object = {}) =>
      fromWireValue(await caller.call(operation, toWireRecord(input)), operation.output),
  ])
  // The one place where what the model says is taken for a type: the names and shapes are those of `operations`.
  return Object.fromEntries(methods) as TypedClient<O>
}

/** `CreateAccessKey` → `createAccessKey`. */
export const uncapitalize = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`
