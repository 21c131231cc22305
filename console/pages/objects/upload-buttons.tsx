import { FolderUp, Upload } from 'lucide-react'
import { useRef, type ChangeEvent, type ReactNode } from 'react'
import { Button } from '../../parts/button.tsx'
import { texts } from '../../texts/texts.ts'
import { chosenFiles } from '../../uploads/dropped-files.ts'
import type { FileForKey } from '../../uploads/upload-queue.ts'

const words = texts.objects

/** Chooses files, or a folder with all that is in it. */
export function UploadButtons({
  onFiles,
  onError,
}: {
  readonly onFiles: (files: readonly FileForKey[]) => void
  readonly onError: (error: unknown) => void
}): ReactNode {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const onChange = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    try {
      if (target.files) onFiles(chosenFiles(target.files))
    } catch (error) {
      onError(error)
    }
    // The same may be chosen again.
    target.value = ''
  }
  return (
    <>
      <input ref={files} type="file" multiple hidden data-testid="files" onChange={onChange} />
      <input
        ref={(element) => {
          folder.current = element
          // React does not know this attribute of all browsers.
          element?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        multiple
        hidden
        data-testid="folder"
        onChange={onChange}
      />
      <Button weight="primary" aria-label={words.upload} onPress={() => files.current?.click()}>
        <Upload aria-hidden />
        <span className="only-wide">{words.upload}</span>
        <span className="only-narrow">{words.uploadShort}</span>
      </Button>
      <Button aria-label={words.uploadFolder} onPress={() => folder.current?.click()}>
        <FolderUp aria-hidden />
        <span className="only-wide">{words.uploadFolder}</span>
        <span className="only-narrow">{words.uploadFolderShort}</span>
      </Button>
    </>
  )
}
