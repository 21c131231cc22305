import { createContext, useCallback, useContext } from 'react'
import { callOperation, type Input, type OperationName, type Output } from '../api/json-api.ts'
import { may, type Doing } from './rights.ts'
import type { Session } from './session.ts'

interface SignedIn {
  readonly session: Session
  readonly signOut: () => void
  /** Asks for the secret once more, where the session is over. */
  readonly askAgain: () => void
}

const Context = createContext<SignedIn | null>(null)

/** Tells the pages below it who is signed in. */
export const SessionProvider = Context.Provider

/** Who is signed in; null before the sign-in. */
export const useSignedIn = (): SignedIn | null => useContext(Context)

/** Who is signed in; only pages behind the sign-in ask. */
export function useSession(): SignedIn {
  const value = useSignedIn()
  if (!value) throw new TypeError('nobody is signed in here')
  return value
}

/** Asks whether the key at hand may do something. */
export function useMay(): (doing: Doing) => boolean {
  const { caller } = useSession().session
  return useCallback((doing) => may(caller, doing), [caller])
}

/** Calls operations of Lightsail's API and of Lugsail's own as who is signed in. */
export function useOperation(): <N extends OperationName>(
  name: N,
  input: Input<N>,
  options: { readonly region: string; readonly signal?: AbortSignal | undefined },
) => Promise<Output<N>> {
  const { session } = useSession()
  return (name, input, options) => callOperation(session, name, input, options)
}
