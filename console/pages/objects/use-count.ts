import { useEffect, useState } from 'react'
import { isAborted } from '../../api/api-error.ts'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { useSession } from '../../session/session-context.tsx'
import { countObjects, type Count } from './each-object.ts'
import type { ObjectRow } from './rows.ts'

/** Counts the objects that are meant by lines of the list, as long as the dialog is open. */
export function useCount(
  { bucket, region }: BucketAddress,
  rows: readonly ObjectRow[],
): { readonly count: Count; readonly error: unknown } {
  const { session } = useSession()
  const [count, setCount] = useState<Count>({ objects: 0, bytes: 0, isWhole: false })
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const controller = new AbortController()
    countObjects(session, { bucket, region }, rows, setCount, controller.signal).catch((thrown: unknown) => {
      if (!isAborted(thrown)) setError(thrown)
    })
    return () => controller.abort()
  }, [session, bucket, region, rows])
  return { count, error }
}
