import { FolderPlus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../../parts/button.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { navigate, usePlace } from '../../routing/router.tsx'
import { useMay, useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { FileForKey } from '../../uploads/upload-queue.ts'
import { useUploads } from '../../uploads/use-uploads.ts'
import type { BucketPageProps } from '../page-props.ts'
import { CreateFolder } from './create-folder.tsx'
import { Crumbs } from './crumbs.tsx'
import { DropAnywhere } from './drop-anywhere.tsx'
import { FolderList } from './folder-list.tsx'
import { folderPlace, readFolder, type FolderView } from './folder-view.ts'
import { MissingRights } from './missing-rights.tsx'
import { UnfinishedUploads } from './unfinished-uploads.tsx'
import { UploadButtons } from './upload-buttons.tsx'

const words = texts.objects

/** What is in a bucket, folder by folder. */
export function Objects({ bucket, region, rest }: BucketPageProps): ReactNode {
  const { query } = usePlace()
  const view = readFolder(rest, query)
  const { prefix } = view
  const may = useMay()
  const { prefixes } = useSession().session.caller
  const mayWrite =
    may('write') && (prefixes === undefined || prefixes.some((each) => prefix.startsWith(each)))
  const [isCreating, setIsCreating] = useState(false)
  const [dropError, setDropError] = useState<unknown>(null)
  const [way, setWay] = useState<{ readonly from: string | null; readonly to: string }>({
    from: null,
    to: prefix,
  })
  if (way.to !== prefix) setWay({ from: way.to, to: prefix })
  const uploads = useUploads()
  const uploadAs = (files: readonly FileForKey[]): void => uploads().add(files, { bucket, region })
  const upload = (files: readonly FileForKey[]): void => {
    setDropError(null)
    uploadAs(files.map(({ file, key }) => ({ file, key: `${prefix}${key}` })))
  }
  const change = (changes: Partial<FolderView>, options?: { readonly replaces: boolean }): void =>
    navigate(folderPlace(bucket, { ...view, ...changes }), options)
  return (
    <div className="objects">
      <header className="page-head">
        <Crumbs bucket={bucket} prefix={prefix} />
        {mayWrite && (
          <div className="row">
            <UploadButtons onFiles={upload} onError={setDropError} />
            <Button onPress={() => setIsCreating(true)}>
              <FolderPlus aria-hidden />
              {words.newFolder}
            </Button>
          </div>
        )}
      </header>
      <MissingRights />
      {dropError !== null && <ErrorNote what={words.dropFailed} error={dropError} />}
      <FolderList
        key={prefix}
        address={{ bucket, region }}
        view={view}
        cameFrom={way.from}
        onView={change}
        besides={
          mayWrite && <UnfinishedUploads address={{ bucket, region }} prefix={prefix} onFiles={uploadAs} />
        }
      />
      <DropAnywhere
        place={`${bucket}/${prefix}`}
        refusal={mayWrite ? null : words.mayNotWrite}
        onFiles={upload}
        onError={setDropError}
      />
      {isCreating && (
        <CreateFolder address={{ bucket, region }} prefix={prefix} onClose={() => setIsCreating(false)} />
      )}
    </div>
  )
}
