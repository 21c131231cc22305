import type { InputOf, Operation, OutputOf } from '../model/operation.ts'
import type { Caller } from '../service/caller.ts'
import type { ServiceContext } from '../service/context.ts'
import type { KeyHolder } from '../service/principal.ts'
import type { ServerFacts } from './server-facts.ts'
import type { KeyUseMeter } from '../service/key-uses/key-use-meter.ts'

/** What an operation works with. */
export interface OperationContext {
  readonly service: ServiceContext
  readonly keyUses: Pick<KeyUseMeter, 'flush'>
  /** What the process tells of itself. */
  readonly server: ServerFacts
  /** Who calls, verified. */
  readonly caller: Caller
  /** Whose key signed; an account, but where the operation is open to all keys. */
  readonly principal: KeyHolder
}

/** Carries out one operation on checked input. Throws ControlError with Lightsail's codes. */
export type OperationHandler<P extends Operation> = (
  context: OperationContext,
  input: InputOf<P>,
) => Promise<OutputOf<P>>
