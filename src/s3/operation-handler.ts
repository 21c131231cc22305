import type { InputOf, Operation, OutputOf } from '../model/operation.ts'
import type { FurtherFacts } from './access.ts'
import type { S3Call } from './call.ts'

/** One operation of the data plane: its description, which says what its caller must be allowed to do, and what it does. */
interface OperationHandler<P extends Operation = Operation> {
  readonly operation: P
  /**
   * The handler reads the object itself and passes it to `call.access.permit` before it uses it, so that the state that was authorized is
   * the state that is answered. Without it the object is read for the decision alone, where the decision needs it.
   */
  readonly permitsObject?: true
  /**
   * The bucket that is addressed is not looked up: it need not exist yet, and one that does may lie in another region. The handler
   * itself asks for what is needed.
   */
  readonly makesBucket?: true
  /**
   * Whether the caller may do nothing of what any document could ask for: it is not read then. For operations whose rights depend on the
   * document alone.
   */
  isRefusedUnread?(call: S3Call): boolean
  /** What the document says that conditions of a policy look at: tags, locks. They are decided on when it was read. */
  documentFacts?(input: InputOf<P>): FurtherFacts
  /** Runs after the request was authenticated and authorized. Throws DomainError, and S3Error for what is wrong with the request as such. */
  handle(input: InputOf<P>, call: S3Call): Promise<OutputOf<P>>
}

/** An {@link OperationHandler} of any operation, as the table of operations keeps it. */
export type AnyOperationHandler = Omit<OperationHandler, 'handle' | 'documentFacts'> & {
  // The input is read by the operation's own bindings and the output written by them: `handle` never sees another's.
  handle(input: never, call: S3Call): Promise<object>
  documentFacts?(input: never): FurtherFacts
}

/** Composes a handler; `options` are its further traits. */
export function handler<P extends Operation>(
  operation: P,
  handle: OperationHandler<P>['handle'],
  options: Pick<
    OperationHandler<P>,
    'permitsObject' | 'makesBucket' | 'documentFacts' | 'isRefusedUnread'
  > = {},
): OperationHandler<P> {
  return { operation, handle, ...options }
}
