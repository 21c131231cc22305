import type { InputOf, Operation, OutputOf } from '../model/operation.ts'
import type { S3Action } from '../service/authorization/action.ts'
import type { S3Call } from './call.ts'
import type { Query } from './request/query.ts'

/**
 * What a principal must be allowed to do; may depend on whether the request names a version. Null: the request is about several things, and
 * the handler decides about each.
 */
type ActionOf = S3Action | ((query: Query) => S3Action) | null

/** One operation of the data plane: its description, what it takes to be allowed, and what it does. */
interface OperationHandler<P extends Operation = Operation> {
  readonly operation: P
  readonly action: ActionOf
  /**
   * The handler reads the object itself and passes it to `call.permit` before it uses it, so that the state that was authorized is
   * the state that is answered. Without it the object is read for the decision alone, where the decision needs it.
   */
  readonly permitsObject?: true
  /** The bucket that is addressed is not looked up: it need not exist yet, and one that does may lie in another region. */
  readonly makesBucket?: true
  /** Runs after the request was authenticated and authorized. Throws ServiceError. */
  handle(input: InputOf<P>, call: S3Call): Promise<OutputOf<P>>
}

/** An {@link OperationHandler} of any operation, as the table of operations keeps it. */
export type AnyOperationHandler = Omit<OperationHandler, 'handle'> & {
  // The input is read by the operation's own bindings and the output written by them: `handle` never sees another's.
  handle(input: never, call: S3Call): Promise<object>
}

/** The two actions of an operation that takes a version id, by whether it was given. */
export const byVersion =
  (current: S3Action, ofVersion: S3Action): ActionOf =>
  (query) =>
    query.has('versionId') ? ofVersion : current

/** Composes a handler; `options` are its further traits. */
export function handler<P extends Operation>(
  operation: P,
  action: ActionOf,
  handle: OperationHandler<P>['handle'],
  options: Pick<OperationHandler, 'permitsObject' | 'makesBucket'> = {},
): OperationHandler<P> {
  return { operation, action, handle, ...options }
}
