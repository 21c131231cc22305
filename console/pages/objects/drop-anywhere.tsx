import { useEffect, useRef, useState, type ReactNode } from 'react'
import { texts } from '../../texts/texts.ts'
import { droppedFiles } from '../../uploads/dropped-files.ts'
import type { FileForKey } from '../../uploads/upload-queue.ts'

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true

/** Takes files and folders that are dropped anywhere on the page. Without `onFiles` it says why it does not. */
export function DropAnywhere({
  place,
  refusal,
  onFiles,
  onError,
}: {
  /** Where the files go. */
  readonly place: string
  readonly refusal: string | null
  readonly onFiles: (files: readonly FileForKey[]) => void
  readonly onError: (error: unknown) => void
}): ReactNode {
  const [isOver, setIsOver] = useState(false)
  const depth = useRef(0)
  useEffect(() => {
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth.current++
      setIsOver(true)
    }
    const over = (event: DragEvent): void => {
      // Without it the browser would open what is dropped in place of this page.
      if (hasFiles(event)) event.preventDefault()
    }
    const leave = (event: DragEvent): void => {
      if (hasFiles(event) && --depth.current <= 0) setIsOver(false)
    }
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      depth.current = 0
      setIsOver(false)
      if (refusal === null) droppedFiles(event.dataTransfer).then(onFiles, onError)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [refusal, onFiles, onError])
  return isOver ? (
    <div className="drop-veil" role="status">
      <p>{refusal ?? texts.objects.dropHere(place)}</p>
    </div>
  ) : null
}
