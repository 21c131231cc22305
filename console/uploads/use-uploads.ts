import { useSession } from '../session/session-context.tsx'
import { currentUploads, setCurrentUploads } from './current-uploads.ts'
import { UploadQueue } from './upload-queue.ts'

/** The uploads of who is signed in, begun with the first that asks. */
export function useUploads(): () => UploadQueue {
  const { session } = useSession()
  return () => {
    const known = currentUploads()
    if (known) return known
    const queue = new UploadQueue(session)
    setCurrentUploads(queue)
    return queue
  }
}
