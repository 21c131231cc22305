import type { ReactNode } from 'react'
import type { ApiError } from '../api/api-error.ts'
import { Button } from '../parts/button.tsx'
import { texts } from '../texts/texts.ts'
import { useSignedIn } from './session-context.tsx'
import { isKeyEnded, isSessionOver } from './session-over.ts'

/** The way on beneath an error that says that the session, or its key, is over; nothing beneath others. */
export function SessionEnded({ error }: { readonly error: ApiError }): ReactNode {
  const signedIn = useSignedIn()
  if (!signedIn || !(isKeyEnded(error) || isSessionOver(error))) return null
  return (
    <div>
      {isKeyEnded(error) ? (
        <Button onPress={signedIn.signOut}>{texts.goOn.another}</Button>
      ) : (
        <Button onPress={signedIn.askAgain}>{texts.goOn.action}</Button>
      )}
    </div>
  )
}
